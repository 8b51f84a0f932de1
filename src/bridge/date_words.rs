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

/// Returns `true` for a day of the week in English, German, French, Spanish or Italian, or its usual abbreviation, in
/// small letters. `mar` is the month too.
pub(super) fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: [&str; 5] = [
        "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday",
        "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
        "lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
        "mié jue vie sáb dom lunes martes miércoles jueves viernes sábado domingo",
        "gio lunedì martedì mercoledì giovedì venerdì sabato domenica",
    ];
    WEEKDAYS.iter().any(|words| words.split(' ').any(|known| known == word))
}
