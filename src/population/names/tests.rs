use super::*;

#[test]
fn report() {
    let t = std::time::Instant::now();
    let names = Names::new();
    eprintln!("build {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let c = names.coincidences();
    eprintln!("coinc {:?}", t.elapsed());
    for r in c { eprintln!("{}", r.map(|x| format!("{:.3e}", x)).join(" ")); }
    eprintln!("national {:.4e} want 5.634e-4", names.national_coincidence());
    eprintln!("top {:?} want .0490 .1732 .4097 .6835", names.national_share_of_top(&[10, 100, 1000, 10_000]));
    let r = [1..=1u32, 2..=4, 5..=9, 10..=24, 25..=49, 50..=99, 100..=u32::MAX, 1000..=u32::MAX, 10_000..=u32::MAX, 100_000..=u32::MAX, 1..=u32::MAX];
    let w = [3899864., 1165587., 424454., 354912., 177884., 114079., 162253., 24889., 3567., 314., 6299033.];
    for ((r, x), w) in r.iter().zip(names.expected_names_borne(294_979_229.0, &r)).zip(w) { eprintln!("{r:?} {x:.0} want {w} {:+.1}%", (x / w - 1.0) * 100.0); }
    for sex in [Sex::Female, Sex::Male] { for d in (1930..=2010).step_by(10) {
        eprintln!("{sex:?} {d} {:.5} {:?}", names.given_coincidence(sex, d..=d + 9, None), names.given_share_of_top(sex, d..=d + 9, &[10, 100, 1000]));
    } }
    for g in GROUPS { eprintln!("{g:?} given 1965 {:.5} {:.5}", names.given_coincidence(Sex::Female, 1960..=1969, Some(g)), names.given_coincidence(Sex::Male, 1960..=1969, Some(g))); }
    let mut s = crate::random::Seed(1).stream(crate::random::Decision::named("x"), 0);
    for g in GROUPS { for y in [1945, 1985, 2015] { let mut o = String::new(); for i in 0..12 {
        names.write_given(names.given(g, if i % 2 == 0 { Sex::Female } else { Sex::Male }, y, &mut s), &mut o); o.push(' ');
        names.write_surname(names.surname(g, &mut s), &mut o); o.push_str(", "); }
        eprintln!("{g:?} {y}: {o}"); } }
    let n = 1_000_000; let mut x = 0u32;
    let t = std::time::Instant::now();
    for _ in 0..n { x ^= names.surname(Group::White, &mut s).0; }
    eprintln!("surname {:?}", t.elapsed() / n);
    let t = std::time::Instant::now();
    for _ in 0..n { x ^= names.given(Group::White, Sex::Male, 1975, &mut s).0; }
    eprintln!("given {:?} {x}", t.elapsed() / n);
    let codes: Vec<_> = (0..n).map(|_| (names.surname(Group::White, &mut s), names.given(Group::White, Sex::Male, 1975, &mut s))).collect();
    let mut o = String::new();
    let t = std::time::Instant::now();
    for (a, b) in codes { o.clear(); names.write_surname(a, &mut o); names.write_given(b, &mut o); }
    eprintln!("write {:?}", t.elapsed() / n);
}
