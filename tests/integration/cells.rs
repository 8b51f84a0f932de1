//! Small random files through the reader, the normal forms and the comparisons: no panic, and no value that is read as
//! another without a word.

use namesake::bridge::{LabelledPair, Spec};
use namesake::linkage::blocking::{normal_form, normalise};
use namesake::linkage::comparison::{Comparer, Nicknames, default_comparisons};
use namesake::notice::{Code, Notice};
use namesake::random::{Decision, Seed, Stream};
use namesake::record::{Date, Field, RecordId, Records};

fn stream(name: &str, index: u64) -> Stream {
    Seed(14).stream(Decision::named(name), index)
}

fn one<'t, T: ?Sized>(stream: &mut Stream, of: &[&'t T]) -> &'t T {
    of[stream.below(of.len() as u64) as usize]
}

/// The pieces of random cells: digits, letters of several scripts, marks, words that mean something in a field, and
/// characters that nobody sees.
const PIECES: [&str; 62] = [
    "0",
    "1",
    "7",
    "12",
    "007",
    "1980",
    "05",
    "17",
    "19800517",
    "99",
    "29358",
    "½",
    "²",
    "１",
    "٣",
    "③",
    "a",
    "B",
    "é",
    "Ōe",
    "ß",
    "ŉ",
    "ﬁ",
    "İ",
    "ǰ",
    "大",
    "प्रि",
    "Ё",
    "\u{301}",
    "\u{345}",
    "-",
    "/",
    ".",
    ",",
    " ",
    "  ",
    "'",
    "’",
    "+",
    "#",
    "?",
    "??",
    "\u{200b}",
    "\u{ad}",
    "\u{feff}",
    "\u{2060}",
    "\u{a0}",
    "\0",
    "\t",
    "🙂",
    "PO BOX ",
    "Apt",
    "No",
    "Street",
    "NA",
    "May",
    "st",
    "T00:00:00Z",
    " 0:00",
    "e",
    "-5",
    "3.14",
];

fn random_cell(stream: &mut Stream) -> String {
    (0..stream.below(6)).map(|_| one(stream, &PIECES)).collect()
}

fn form(field: &Field, text: &str) -> String {
    let mut out = String::new();
    normal_form(field, text, &mut String::new(), &mut out);
    out
}

/// The numbers in a text, without leading zeros, as far as the text has plain digits.
fn numbers(text: &str) -> Vec<&str> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    digits.map(|digits| &digits[digits.find(|c| c != '0').unwrap_or(digits.len() - 1)..]).collect()
}

/// Does `work` for every number below `n`, on both halves at a time.
fn all(n: u64, work: impl Fn(u64) + Sync) {
    std::thread::scope(|scope| {
        let upper = scope.spawn(|| (n / 2..n).for_each(&work));
        (0..n / 2).for_each(&work);
        upper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

#[test]
fn a_normal_form_keeps_every_number_apart_and_drops_what_nobody_sees() {
    let others = ["score", "phone", "email", "date_of_death"].map(Field::from_name);
    let fields: Vec<Field> = Field::NAMED.into_iter().chain(others).collect();
    all(60_000, |i| {
        let mut stream = stream("cells.forms", i);
        let text = random_cell(&mut stream);
        let at = text.char_indices().nth(stream.below(8) as usize).map_or(text.len(), |(at, _)| at);
        let unseen = one(&mut stream, &["\u{200b}", "\u{200d}", "\u{ad}", "\u{2060}", "\u{feff}", "\u{fe0f}"]);
        let with_unseen = format!("{}{unseen}{}", &text[..at], &text[at..]);
        for field in &fields {
            let once = form(field, &text);
            assert_eq!(form(field, &with_unseen), once, "{field} {with_unseen:?}");
            // The parts of a unit may make one of the words that are left out: N O, A PT.
            if *field != Field::Unit {
                assert_eq!(form(field, &once), once, "{field} {text:?}");
            }
            assert!(!once.contains('\0'), "{field} {text:?}");
        }
        // Of texts whose numbers are plain digits without marks on them it can be said which numbers they hold.
        let seen: String = text.chars().filter(|c| !namesake::record::is_invisible(*c)).collect();
        if seen
            .chars()
            .all(|c| c.is_ascii() || (c.is_alphabetic() && !"प्रि\u{345}".contains(c)) || c == '🙂' || c == '\u{a0}')
        {
            for field in [Field::HouseNumber, Field::Unit, Field::City, Field::Street, Field::from_name("score")] {
                assert_eq!(numbers(&form(&field, &seen)), numbers(&seen), "{field} {seen:?}");
            }
        }
    });
}

#[test]
fn any_two_records_are_compared_the_same_from_either_side() {
    let others = ["score", "phone", "email", "date_of_death"].map(Field::from_name);
    let fields: Vec<Field> = Field::NAMED.into_iter().chain(others).collect();
    let comparisons = default_comparisons(&fields);
    let comparer = Comparer::new(&comparisons, &fields, &fields, &Nicknames::built_in());
    all(8_000, |i| {
        let mut stream = stream("cells.pairs", i);
        let mut records = Records::new(&fields);
        for id in 0..2 {
            let cells: Vec<String> = fields.iter().map(|_| random_cell(&mut stream)).collect();
            records.push(RecordId(id), &cells);
        }
        let records = normalise(&records);
        let [there, back, itself] = [(0, 1), (1, 0), (0, 0)].map(|(x, y)| comparer.compare(&records, x, &records, y));
        assert_eq!(there, back, "{records:?}");
        for (place, comparison) in comparisons.iter().enumerate() {
            let most = comparison.labels().len() as u8 - 1;
            let level = itself.level(place);
            // One text that is no whole date is not one day; of an address the street may be missing.
            let less = matches!(comparison.name.as_str(), "date_of_birth" | "date_of_death" | "address");
            assert!(level.is_none() || level == Some(most) || less, "{} {records:?}", comparison.name);
        }
    });
}

/// Formats that files have, each a way to write a date.
const FORMATS: [fn(i32, u32, u32) -> String; 16] = [
    |y, m, d| format!("{y:04}-{m:02}-{d:02}"),
    |y, m, d| format!("{y:04}/{m}/{d}"),
    |y, m, d| format!("{y:04}{m:02}{d:02}"),
    |y, m, d| format!("{m:02}/{d:02}/{y:04}"),
    |y, m, d| format!("{d:02}/{m:02}/{y:04}"),
    |y, m, d| format!("{d}.{m}.{y:04}"),
    |y, m, d| format!("{d:02}-{m:02}-{y:04}"),
    |y, m, d| format!("{m:02}/{d:02}/{:02}", y % 100),
    |y, m, d| format!("{d:02}/{m:02}/{:02}", y % 100),
    |y, m, d| format!("{:02}-{m:02}-{d:02}", y % 100),
    |y, m, d| format!("{d:02}-{}-{:02}", MONTHS[m as usize - 1], y % 100),
    |y, m, d| format!("{d:02}{}{y:04}", MONTHS[m as usize - 1].to_uppercase()),
    |y, m, d| format!("{} {d}, {y:04}", MONTHS[m as usize - 1]),
    |y, m, d| format!("{y:04}-{m:02}-{d:02}T00:00:00.000+02:00"),
    |y, m, d| format!("{d:02}{m:02}{y:04}"),
    |y, m, d| format!("{}", Date::new(y, m, d).unwrap().0 - Date::new(1899, 12, 30).unwrap().0),
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[test]
fn no_date_of_a_small_file_is_read_as_another_without_a_word() {
    let spec = "id = \"id\"\ntruth = \"id\"\n[fields]\ndate_of_birth = \"born\"\n";
    let spec = Spec::parse("spec.toml", spec).unwrap();
    all(40_000, |i| {
        let mut stream = stream("cells.dates", i);
        let format = FORMATS[stream.below(16) as usize];
        let first = Date::new(1930, 1, 1).unwrap().0;
        let mut expected = Vec::new();
        let mut file = "id,born\n".to_owned();
        for id in 0..1 + stream.below(12) {
            let date = Date(first + stream.below(36_000) as i32);
            let (year, month, day) = date.ymd();
            let (text, date) = match stream.below(8) {
                0 => (String::new(), None),
                // No format has it, so that it has no say in which format the file has.
                1 => (one(&mut stream, &["not known", "Ōe", "17 Maj 1980", "0", "-1980", "80/x"]).to_owned(), None),
                _ => (format(year, month, day), Some(date)),
            };
            file += &format!("{id},\"{text}\"\n");
            expected.push((text, date));
        }
        let read = LabelledPair::from_readers(("a.csv", file.as_bytes()), ("b.csv", file.as_bytes()), &spec);
        let files = read.unwrap_or_else(|error| panic!("{file}: {error}"));
        let count = |code: Code| {
            let of_a = files.notices.iter().find(|notice| notice.code == code && notice.sentence.starts_with("a.csv"));
            of_a.and_then(|notice| notice.count).unwrap_or(0)
        };
        let (mut unread, mut wrong) = (0, 0);
        for (row, (text, date)) in expected.iter().enumerate() {
            let cell = form(&Field::DateOfBirth, files.records.text(0, files.records.a.get(row)[0]));
            match date {
                Some(date) => wrong += u64::from(cell != date.to_string()),
                None => {
                    unread += u64::from(!text.is_empty());
                    assert!(Date::parse(&cell).is_none(), "{text:?} is no date and read as {cell}");
                }
            }
        }
        let told = count(Code::DatesOpen) + count(Code::DatesInPart) + count(Code::DatesNotRead) - unread;
        assert!(wrong <= told, "{wrong} dates are read as others and {told} told\n{file}{:#?}", files.notices);
    });
}

/// Reads a random small file as both sides, brings it into normal form, compares its records, and holds that no cell is read
/// as another without a word. The columns are a name, a house number, a date, and a number of any kind.
fn read_small_file(i: u64, spec: &Spec, comparer: &Comparer) {
    let mut stream = stream("cells.files", i);
    // Half the files have dates of one format, as files do, and half have anything at all.
    let format = FORMATS[stream.below(16) as usize];
    let has_dates = stream.chance(0.5);
    let rows: Vec<[String; 4]> = (0..1 + stream.below(4))
        .map(|_| {
            let mut cells: [String; 4] = std::array::from_fn(|_| random_cell(&mut stream));
            if has_dates && stream.chance(0.8) {
                let (year, month, day) = Date(stream.below(30_000) as i32 - 12_000).ymd();
                cells[2] = format(year, month, day);
            }
            cells
        })
        .collect();
    let mut file = "id,a,b,c,d\n".to_owned();
    for (id, row) in rows.iter().enumerate() {
        file += &format!("{id},\"{}\"\n", row.join("\",\""));
    }
    let read = LabelledPair::from_readers(("a.csv", file.as_bytes()), ("b.csv", file.as_bytes()), spec);
    let Ok(files) = read else { return };
    let told = |codes: &[Code], column: &str| {
        let of = |notice: &&Notice| codes.contains(&notice.code) && notice.sentence.starts_with("a.csv");
        files.notices.iter().filter(of).any(|notice| notice.sentence.contains(column))
    };
    let fields = files.records.fields();
    let mut records = Records::new(fields);
    for (row, cells) in rows.iter().enumerate() {
        let texts: Vec<&str> = files.records.texts(files.records.a.get(row)).collect();
        records.push(RecordId(row as u64), &texts);
        for (field, cell) in fields.iter().zip(texts) {
            let place =
                ["surname", "house_number", "date_of_birth", "score"].iter().position(|name| *name == field.name());
            let (place, name) = (place.unwrap(), ["a", "b", "c", "d"]);
            let mut written = cells[place].trim().to_owned();
            if field.is_date() {
                // `19800517.` is that day: what separates the parts of a date says nothing behind it.
                written.retain(|c| !namesake::record::is_invisible(c));
                let separators = ['-', '/', '.', ',', ' ', '\u{a0}'];
                written.truncate(written.trim_end_matches(separators).len());
            }
            if form(field, cell) != form(field, &written) {
                let may_say: &[Code] = if field.is_date() {
                    &[Code::DateFormats, Code::DatesOpen, Code::DatesInPart, Code::DatesNotRead, Code::SpreadsheetText]
                } else {
                    // Whose digits were lost is told that they are compared as zeros, and nothing else about it.
                    &[Code::WholeNumbers, Code::DigitsLost, Code::SpreadsheetText]
                };
                assert!(told(may_say, name[place]), "{field} {written:?} {cell:?}\n{file}{:#?}", files.notices);
            }
        }
    }
    let records = normalise(&records);
    let (first, last) = (0, records.len() - 1);
    let there = comparer.compare(&records, first, &records, last);
    assert_eq!(there, comparer.compare(&records, last, &records, first), "{file}");
}

fn small_files(n: u64) {
    let spec =
        "id = \"id\"\ntruth = \"id\"\n[fields]\nsurname = \"a\"\nhouse_number = \"b\"\ndob = \"c\"\nscore = \"d\"\n";
    let spec = Spec::parse("spec.toml", spec).unwrap();
    let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
    let comparer = Comparer::new(&default_comparisons(&fields), &fields, &fields, &Nicknames::built_in());
    all(n, |i| read_small_file(i, &spec, &comparer));
}

#[test]
fn a_random_file_is_read_or_refused_and_no_cell_becomes_another_without_a_word() {
    small_files(50_000);
}

#[test]
#[ignore = "takes a minute: make fuzz runs it, and make test"]
fn a_million_random_files_are_read_or_refused_and_no_cell_becomes_another_without_a_word() {
    small_files(1_000_000);
}
