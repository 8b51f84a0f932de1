//! Words in dates: months ([`month_named`]), days of the week and zones of time.

/// Zones of time by their abbreviations.
pub(super) const ZONES: [&str; 30] = [
    "CET", "CEST", "MEZ", "MESZ", "WET", "WEST", "EET", "EEST", "MSK", "BST", "IST", "EST", "EDT", "CST", "CDT", "MST",
    "MDT", "PST", "PDT", "AKST", "AKDT", "HST", "JST", "AEST", "AEDT", "ACST", "AWST", "NZST", "NZDT", "UHR",
];

/// The month of an English, German, Spanish, French, Italian, Dutch or Portuguese name, or of its usual abbreviation.
pub(super) fn month_named(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan january januar jänner jaenner jän enero ene janvier janv gennaio gen januari janeiro",
        "feb february februar feber febrero février fevrier févr fevr fév febbraio februari fevereiro fev",
        "mar march märz maerz mär mrz marzo mars maart mrt março marco",
        "apr april abril abr avril avr aprile",
        "may mai mayo maggio mag mei maio",
        "jun june juni junio juin giugno giu junho",
        "jul july juli julio juillet juil luglio lug julho",
        "aug august agosto ago août aout augustus",
        "sep sept september septiembre setiembre septembre settembre set setembro",
        "oct october okt oktober octubre octobre ottobre ott outubro out",
        "nov november noviembre novembre novembro",
        "dec december dez dezember dic diciembre décembre decembre déc dicembre dezembro",
    ];
    let name = name.to_lowercase();
    let is_it = |names: &&str| names.split(' ').any(|known| known == name);
    (1..).zip(MONTHS).find(|(_, names)| is_it(names)).map(|(month, _)| month)
}

/// Returns `true` for a day of the week in English, German, French, Spanish, Italian, Dutch or Portuguese, or its usual
/// abbreviation, in small letters. `mar` is the month too, and left to whoever knows what else the date has.
pub(super) fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: [&str; 7] = [
        "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday",
        "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
        "lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
        "mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado sabado domingo",
        "gio lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "seg ter qua qui sex segunda terça terca quarta quinta sexta",
    ];
    WEEKDAYS.iter().any(|words| words.split(' ').any(|known| known == word))
}

/// The length of a day of the week at the beginning of a text: `Sat`, `segunda-feira`. Of `mar` it is not said here that
/// it is no month.
pub(super) fn weekday_length(text: &str) -> Option<usize> {
    /// Portuguese days of the week go on so.
    const FEIRA: [&str; 2] = ["-feira", " feira"];
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text[..length].to_lowercase();
    let goes_on = |end: &&str| {
        let behind = text.get(length..length + end.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(end))
            && !text[length + end.len()..].starts_with(char::is_alphabetic)
    };
    let longer = FEIRA.into_iter().find(goes_on).map_or(0, |end| end.len());
    (word == "mar" || is_weekday(&word)).then_some(length + longer)
}

/// Returns `true` for what stands behind a day as a number in an order, in small letters: `1st`, `1er`, `1º`.
pub(super) fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th" | "er" | "e" | "ste" | "o" | "º" | "ª" | "°")
}
