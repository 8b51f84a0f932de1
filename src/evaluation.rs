//! Who was misidentified: fates, causes and rates, measured against the truth.
//!
//! While the holder's file streams by, [`Observed`] counts every scored pair with its truth; it is made of whole numbers
//! and short lists, so parts of the file observed apart add up to the same. Afterwards [`judge`] gives each request its
//! [`Fate`] and each wrong return its place in the list, and [`evaluate`] turns them into rates with denominators and
//! intervals.

use crate::agency::{ErrorKind, ErrorRef, Side, Truth};
use crate::agreement::{Agreement, Answer, Answers, HandedOver, Refusal};
use crate::decision::Score;
use crate::record::RecordId;
use crate::stats::{Interval, Rate, clustered, wilson};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A property of people by which results are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub values: Vec<&'static str>,
}

/// The most attributes a person may be described by.
pub const MOST_ATTRIBUTES: usize = 6;

/// A person's values, as positions in [`Attribute::values`].
pub type Profile = [u8; MOST_ATTRIBUTES];

/// What happened to a request, after all safeguards. Each request ends in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// The person sought was returned, and nobody else.
    RightAlone,
    /// The person sought was returned with others.
    RightWithOthers,
    /// Somebody was returned, and not the person sought.
    WrongOnly,
    /// The person sought is on file, and nobody was returned.
    NotReturned,
    /// The person sought is not on file, and nobody was returned.
    CorrectlyNobody,
    /// The request was incomplete.
    Refused,
    /// Records answered, and the terms held them back.
    Withheld,
}

impl Fate {
    /// All fates, in the order in which they are reported.
    pub const ALL: [Fate; 7] = [
        Fate::RightAlone,
        Fate::RightWithOthers,
        Fate::WrongOnly,
        Fate::NotReturned,
        Fate::CorrectlyNobody,
        Fate::Refused,
        Fate::Withheld,
    ];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Fate::RightAlone => "right_alone",
            Fate::RightWithOthers => "right_with_others",
            Fate::WrongOnly => "wrong_only",
            Fate::NotReturned => "not_returned",
            Fate::CorrectlyNobody => "correctly_nobody",
            Fate::Refused => "refused",
            Fate::Withheld => "withheld",
        }
    }
}

/// Where a person on file, who was not returned, was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LostAt {
    /// The request was refused.
    Refused,
    /// No blocking rule proposed the record.
    Blocking,
    /// The record's score stayed below the threshold.
    Score,
    /// Others answered better, and the terms do not hand over all.
    OutRanked,
    /// The terms held the answers back.
    Withheld,
}

impl LostAt {
    /// All places, in the order of the stages.
    pub const ALL: [LostAt; 5] =
        [LostAt::Refused, LostAt::Blocking, LostAt::Score, LostAt::OutRanked, LostAt::Withheld];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            LostAt::Refused => "refused",
            LostAt::Blocking => "blocking",
            LostAt::Score => "score",
            LostAt::OutRanked => "out-ranked",
            LostAt::Withheld => "withheld",
        }
    }
}

/// Why somebody else was returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// No error in either record: the terms required a comparison that was not made.
    CheckNotMade,
    /// No error: a relative at the same address.
    Relative,
    /// No error: somebody who lives where the person sought used to live.
    LaterOccupant,
    /// No error: another person of that name.
    Namesake,
    /// An error of this kind, the last of those that had to be taken away.
    Error(ErrorKind),
}

impl Cause {
    /// All causes: the structural ones in the order in which they are tried, then the errors in catalogue order.
    pub fn all() -> impl Iterator<Item = Cause> {
        [Cause::CheckNotMade, Cause::Relative, Cause::LaterOccupant, Cause::Namesake]
            .into_iter()
            .chain(ErrorKind::ALL.into_iter().map(Cause::Error))
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Cause::CheckNotMade => "check_not_made",
            Cause::Relative => "relative_at_same_address",
            Cause::LaterOccupant => "later_occupant",
            Cause::Namesake => "namesake",
            Cause::Error(kind) => kind.name(),
        }
    }
}

/// An error in one of the two records of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairError {
    /// The error; first in order, so that errors sort as in the catalogue.
    pub error: ErrorRef,
    /// Whose record it is in.
    pub side: Side,
}

/// What is true of two people apart from any error, in the order in which structural causes are tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Structure {
    /// A comparison that the terms require was not made.
    pub check_not_made: bool,
    /// The two are of one household.
    pub one_household: bool,
    /// The person returned lives where the person sought used to live.
    pub later_occupant: bool,
}

/// Why one wrong return happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The primary cause.
    pub primary: Cause,
    /// Of an error, which: its position in the list of errors.
    pub primary_error: Option<usize>,
    /// Positions of the errors whose removal alone would have ended the wrong return. Several, or none though errors
    /// are the cause, make it a joint cause.
    pub alone: Vec<usize>,
}

impl Attribution {
    /// Whether errors caused it together: none or several of them would have ended it alone.
    pub fn joint(&self) -> bool {
        self.primary_error.is_some() && self.alone.len() != 1
    }
}

/// Attributes a wrong return to its cause.
///
/// `errors` are those of both records in catalogue order; `survives` tells whether the wrong return would still happen
/// with the errors at those positions taken away and everything else frozen. If it survives without any of them the
/// cause is structural, by the first that holds. Otherwise errors are taken away one after the other, and the primary
/// cause is the first whose removal ends it.
pub fn attribute(
    errors: usize,
    structure: &Structure,
    survives: impl Fn(&[usize]) -> bool,
    kind: impl Fn(usize) -> ErrorKind,
) -> Attribution {
    let all: Vec<usize> = (0..errors).collect();
    let alone: Vec<usize> = all.iter().copied().filter(|&error| !survives(&[error])).collect();
    if survives(&all) {
        let primary = match structure {
            Structure { check_not_made: true, .. } => Cause::CheckNotMade,
            Structure { one_household: true, .. } => Cause::Relative,
            Structure { later_occupant: true, .. } => Cause::LaterOccupant,
            _ => Cause::Namesake,
        };
        return Attribution { primary, primary_error: None, alone };
    }
    // It survives with nothing removed and ends with everything removed, so one of the steps ends it.
    let last = (1..=errors).find(|&removed| !survives(&all[..removed])).unwrap_or(errors) - 1;
    Attribution { primary: Cause::Error(kind(last)), primary_error: Some(last), alone }
}

/// What evaluation saw of the holder's file as it streamed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Records on the holder's file.
    pub records: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// People on file by attribute and value.
    pub on_file: Vec<Vec<u64>>,
    /// Candidate pairs of one person and of two, by route and score.
    pub pairs: Vec<BTreeMap<Score, PairCount>>,
    /// For each request whether the person sought is on file.
    pub sought_on_file: Vec<bool>,
    /// For each request how its true record was proposed, if it was.
    pub true_pairs: Vec<Option<FirstSeen>>,
}

/// Pairs of one person and pairs of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairCount {
    /// Pairs that are one person.
    pub right: u64,
    /// Pairs that are two.
    pub wrong: u64,
}

/// How the true record of a request came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSeen {
    /// The number of the first blocking rule that proposed it.
    pub rule: u8,
    /// Its score.
    pub score: Score,
}

impl Observed {
    /// Nothing seen yet, of so many requests, routes and attributes.
    pub fn new(requests: usize, routes: usize, attributes: &[Attribute]) -> Observed {
        Observed {
            on_file: attributes.iter().map(|attribute| vec![0; attribute.values.len()]).collect(),
            pairs: vec![BTreeMap::new(); routes],
            sought_on_file: vec![false; requests],
            true_pairs: vec![None; requests],
            ..Observed::default()
        }
    }

    /// A record of the holder's file went by; it is about a person of that profile.
    pub fn record(&mut self, profile: &Profile) {
        self.records += 1;
        for (counts, &value) in self.on_file.iter_mut().zip(profile) {
            counts[usize::from(value)] += 1;
        }
    }

    /// The record of the person that a request seeks went by.
    pub fn sought_record(&mut self, request: usize) {
        self.sought_on_file[request] = true;
    }

    /// A pair was scored; `right` if it is one person.
    pub fn pair(&mut self, request: usize, route: usize, seen: FirstSeen, right: bool) {
        self.candidate_pairs += 1;
        let count = self.pairs[route].entry(seen.score).or_default();
        if right {
            count.right += 1;
            self.true_pairs[request] = Some(seen);
        } else {
            count.wrong += 1;
        }
    }

    /// Whether another was made for as many requests, routes and attributes.
    pub fn same_size(&self, other: &Observed) -> bool {
        let sizes = |o: &Observed| {
            let values: Vec<usize> = o.on_file.iter().map(Vec::len).collect();
            (values, o.pairs.len(), o.sought_on_file.len(), o.true_pairs.len())
        };
        sizes(self) == sizes(other)
    }

    /// Adds what was seen of another part of the file.
    pub fn merge(&mut self, other: &Observed) {
        self.records += other.records;
        self.candidate_pairs += other.candidate_pairs;
        for (mine, theirs) in self.on_file.iter_mut().flatten().zip(other.on_file.iter().flatten()) {
            *mine += theirs;
        }
        for (mine, theirs) in self.pairs.iter_mut().zip(&other.pairs) {
            for (score, count) in theirs {
                let sum = mine.entry(*score).or_default();
                sum.right += count.right;
                sum.wrong += count.wrong;
            }
        }
        for (mine, theirs) in self.sought_on_file.iter_mut().zip(&other.sought_on_file) {
            *mine |= theirs;
        }
        for (mine, theirs) in self.true_pairs.iter_mut().zip(&other.true_pairs) {
            *mine = mine.or(*theirs);
        }
    }
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The route it took, or why it was refused.
    pub admitted: Result<usize, Refusal>,
    /// Whether the person sought is on file.
    pub on_file: bool,
    /// Its fate.
    pub fate: Fate,
    /// Where the person sought was lost, if on file and not returned.
    pub lost_at: Option<LostAt>,
    /// The records handed over, best first, each with whether it is the person sought.
    pub returned: Vec<(Answer, bool)>,
}

impl Judged {
    fn wrong(&self) -> u64 {
        self.returned.iter().filter(|(_, right)| !right).count() as u64
    }

    fn right(&self) -> bool {
        self.returned.iter().any(|(_, right)| *right)
    }
}

/// Gives a request its fate, with the thresholds moved by `shift` from where the agreement has them.
pub fn judge(
    agreement: &Agreement,
    truth: &Truth,
    observed: &Observed,
    request: usize,
    admitted: Result<usize, Refusal>,
    answers: &Answers,
    threshold: impl Fn(usize) -> Score,
) -> Judged {
    let on_file = observed.sought_on_file[request];
    let route = match admitted {
        Ok(route) => route,
        Err(_) => {
            let lost_at = on_file.then_some(LostAt::Refused);
            return Judged { admitted, on_file, fate: Fate::Refused, lost_at, returned: Vec::new() };
        }
    };
    let threshold = threshold(route);
    let (returned, ambiguous) = match agreement.hand_over(answers, threshold) {
        HandedOver::Returned(found) => {
            (found.iter().map(|answer| (*answer, truth.is_match(request, answer.record))).collect(), false)
        }
        HandedOver::Ambiguous => (Vec::new(), true),
        HandedOver::Nobody => (Vec::new(), false),
    };
    let mut judged = Judged { admitted, on_file, fate: Fate::Withheld, lost_at: None, returned };
    judged.fate = match (judged.right(), judged.returned.len()) {
        (true, 1) => Fate::RightAlone,
        (true, _) => Fate::RightWithOthers,
        (false, 1..) => Fate::WrongOnly,
        (false, 0) if ambiguous => Fate::Withheld,
        (false, 0) if on_file => Fate::NotReturned,
        (false, 0) => Fate::CorrectlyNobody,
    };
    if on_file && !judged.right() {
        judged.lost_at = Some(match observed.true_pairs[request] {
            None => LostAt::Blocking,
            Some(seen) if seen.score < threshold => LostAt::Score,
            Some(_) if ambiguous => LostAt::Withheld,
            Some(_) => LostAt::OutRanked,
        });
    }
    judged
}

/// A person wrongly returned, as experiment looked the person up.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// The request.
    pub request: usize,
    /// The record handed over.
    pub answer: Answer,
    /// Who the record is.
    pub profile: Profile,
    /// Whether that person is sought by another request.
    pub sought_elsewhere: bool,
    /// Why it happened.
    pub attribution: Attribution,
    /// The errors of both records, in catalogue order.
    pub errors: Vec<PairError>,
}

/// What else is known of the answers, beyond who is who.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Right persons whose address on file is not where they live now.
    pub right_but_moved: u64,
    /// People never sought who live today at an address handed over.
    pub bystanders: u64,
}

/// A rate, what a trial of it is, and an interval with its method.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Hits and trials.
    pub rate: Rate,
    /// What a trial is.
    pub of: &'static str,
    /// A 95 % interval, where one is claimed.
    pub interval: Option<Interval>,
    /// The method of the interval.
    pub method: Method,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Wilson score interval; trials are independent requests.
    Wilson,
    /// Wilson score interval of the effective number of trials, clustered by request.
    Clustered,
    /// No interval is claimed.
    None,
}

impl Method {
    /// The words used in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Wilson => "Wilson",
            Method::Clustered => "Wilson, effective trials, clustered by request",
            Method::None => "none claimed",
        }
    }
}

/// Named rates, in the order in which they are reported.
pub type Rates = Vec<(&'static str, Measured)>;

/// One point of the threshold curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The threshold.
    pub threshold: Score,
    /// Right persons returned at it.
    pub returned_right: u64,
    /// Wrong persons returned at it.
    pub returned_wrong: u64,
    /// Requests whose person is on file and was not returned.
    pub missed: u64,
}

/// Everything measured about one exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Requests.
    pub requests: u64,
    /// Requests whose person is on file.
    pub requested_on_file: u64,
    /// Records on the holder's file.
    pub holder_records: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// Right persons returned.
    pub returned_right: u64,
    /// Wrong persons returned, a person once for each request that returned the person.
    pub returned_wrong: u64,
    /// Answers above the threshold that were beyond the number handed over or kept.
    pub overflow: u64,
    /// Returns made without a comparison that the terms require.
    pub check_skipped: u64,
    /// What else is known of the answers.
    pub aside: Aside,
    /// Rates overall.
    pub rates: Rates,
    /// Requests by fate.
    pub fates: BTreeMap<Fate, u64>,
    /// Losses by stage.
    pub lost_at: BTreeMap<LostAt, u64>,
    /// Wrong returns by cause: as the primary one, and as one whose removal alone would have ended it.
    pub causes: BTreeMap<Cause, CauseCount>,
    /// Rates by attribute and value.
    pub by_group: Vec<(Attribute, Vec<Rates>)>,
    /// People on file by attribute and value.
    pub on_file: Vec<Vec<u64>>,
    /// Wrong returns by attribute and value of the person returned.
    pub wrong_by_group: Vec<Vec<u64>>,
    /// The threshold curve.
    pub curve: Vec<CurvePoint>,
}

/// How often a cause was the primary one, and how often taking it away alone would have been enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CauseCount {
    /// As the primary cause.
    pub primary: u64,
    /// As a sufficient one.
    pub sufficient: u64,
}

/// Groups with fewer trials than this are too small to tell anything from.
pub const TOO_FEW: u64 = 30;

/// What evaluation is given about an exchange once the holder's file has gone by.
pub struct Exchange<'a> {
    /// The terms.
    pub agreement: &'a Agreement,
    /// Who is who.
    pub truth: &'a Truth,
    /// What was seen of the file.
    pub observed: &'a Observed,
    /// The attributes of people.
    pub attributes: &'a [Attribute],
    /// The profile of the person each request seeks.
    pub sought: &'a [Profile],
    /// The answers to each request.
    pub answers: &'a [Answers],
    /// What became of each request.
    pub judged: &'a [Judged],
    /// Each wrong return, by request and rank.
    pub disclosures: &'a [Disclosure],
    /// What else is known.
    pub aside: Aside,
}

/// Measures an exchange.
pub fn evaluate(exchange: &Exchange<'_>) -> Evaluation {
    let Exchange { agreement, observed, judged, disclosures, .. } = exchange;
    let everyone = |_: usize| true;
    let mut fates: BTreeMap<Fate, u64> = Fate::ALL.into_iter().map(|fate| (fate, 0)).collect();
    let mut lost_at: BTreeMap<LostAt, u64> = LostAt::ALL.into_iter().map(|place| (place, 0)).collect();
    let mut check_skipped = 0;
    for request in *judged {
        *fates.entry(request.fate).or_default() += 1;
        if let Some(place) = request.lost_at {
            *lost_at.entry(place).or_default() += 1;
        }
        if request.admitted.is_ok_and(|route| agreement.skips_a_check(route)) {
            check_skipped += request.returned.len() as u64;
        }
    }
    let mut rates = request_rates(exchange, everyone);
    rates.push(("pair_false_match", pair_false_match(exchange)));
    rates.push(("people_exposed", people_exposed(exchange, None)));
    Evaluation {
        requests: judged.len() as u64,
        requested_on_file: judged.iter().filter(|request| request.on_file).count() as u64,
        holder_records: observed.records,
        candidate_pairs: observed.candidate_pairs,
        returned_right: judged.iter().filter(|request| request.right()).count() as u64,
        returned_wrong: judged.iter().map(Judged::wrong).sum(),
        overflow: exchange.answers.iter().map(|answers| u64::from(answers.overflow())).sum(),
        check_skipped,
        aside: exchange.aside.clone(),
        rates,
        fates,
        lost_at,
        causes: count_causes(disclosures),
        by_group: by_group(exchange),
        on_file: observed.on_file.clone(),
        wrong_by_group: wrong_by_group(exchange),
        curve: curve(exchange),
    }
}

/// The rates whose trials are requests, or persons returned for them, over the requests that `include` lets in.
fn request_rates(exchange: &Exchange<'_>, include: impl Fn(usize) -> bool) -> Rates {
    let judged: Vec<&Judged> =
        exchange.judged.iter().enumerate().filter(|(request, _)| include(*request)).map(|(_, j)| j).collect();
    let share = |trial: &dyn Fn(&Judged) -> bool, hit: &dyn Fn(&Judged) -> bool| {
        let mut rate = Rate::default();
        judged.iter().filter(|j| trial(j)).for_each(|j| rate.count(hit(j)));
        rate
    };
    let independent = |rate: Rate, of| Measured { rate, of, interval: wilson(rate), method: Method::Wilson };
    let returned = |hits: &dyn Fn(&Judged) -> u64| {
        let clusters: Vec<Rate> = judged.iter().map(|j| Rate::new(hits(j), j.returned.len() as u64)).collect();
        let rate = clusters.iter().fold(Rate::default(), |sum, c| Rate::new(sum.hits + c.hits, sum.trials + c.trials));
        let interval = clustered(clusters.iter().copied());
        Measured { rate, of: "persons returned", interval, method: Method::Clustered }
    };
    const REQUESTS: &str = "requests";
    const ON_FILE: &str = "requests whose person is on file";
    const ABSENT: &str = "requests whose person is not on file";
    vec![
        ("wrong_among_answers", returned(&|j| j.wrong())),
        ("wrong_person", independent(share(&|_| true, &|j| j.wrong() > 0), REQUESTS)),
        ("answered_though_absent", independent(share(&|j| !j.on_file, &|j| !j.returned.is_empty()), ABSENT)),
        ("missed", independent(share(&|j| j.on_file, &|j| !j.right()), ON_FILE)),
        ("precision", returned(&|j| u64::from(j.right()))),
        ("recall", independent(share(&|j| j.on_file, &|j| j.right()), ON_FILE)),
    ]
}

/// Wrong pairs at or above the threshold among all pairs that are two people. No interval is claimed: pairs that share
/// a record are not independent.
fn pair_false_match(exchange: &Exchange<'_>) -> Measured {
    let Exchange { agreement, observed, judged, .. } = exchange;
    let hits = observed
        .pairs
        .iter()
        .zip(&agreement.routes)
        .flat_map(|(pairs, route)| pairs.range(route.threshold..))
        .map(|(_, count)| count.wrong)
        .sum();
    let on_file = judged.iter().filter(|request| request.on_file).count() as u64;
    let rate = Rate::new(hits, observed.records * judged.len() as u64 - on_file);
    Measured { rate, of: "pairs of a request and a record that are two people", interval: None, method: Method::None }
}

/// People never sought whose record was returned, among those on file; of one attribute and value, or all. No interval
/// is claimed: people of one name are returned together.
fn people_exposed(exchange: &Exchange<'_>, only: Option<(usize, usize)>) -> Measured {
    let included = |profile: &Profile| only.is_none_or(|(attribute, value)| usize::from(profile[attribute]) == value);
    let exposed: BTreeSet<RecordId> = exchange
        .disclosures
        .iter()
        .filter(|disclosure| !disclosure.sought_elsewhere && included(&disclosure.profile))
        .map(|disclosure| disclosure.answer.record)
        .collect();
    let on_file = match only {
        None => exchange.observed.records,
        Some((attribute, value)) => exchange.observed.on_file[attribute][value],
    };
    let sought = exchange.judged.iter().zip(exchange.sought).filter(|(j, profile)| j.on_file && included(profile));
    let rate = Rate::new(exposed.len() as u64, on_file - sought.count() as u64);
    Measured { rate, of: "people on file who were never sought", interval: None, method: Method::None }
}

fn by_group(exchange: &Exchange<'_>) -> Vec<(Attribute, Vec<Rates>)> {
    let rates_of = |attribute: usize, value: usize| {
        let mut rates = request_rates(exchange, |request| usize::from(exchange.sought[request][attribute]) == value);
        rates.push(("people_exposed", people_exposed(exchange, Some((attribute, value)))));
        rates
    };
    exchange
        .attributes
        .iter()
        .enumerate()
        .map(|(i, attribute)| (attribute.clone(), (0..attribute.values.len()).map(|v| rates_of(i, v)).collect()))
        .collect()
}

fn wrong_by_group(exchange: &Exchange<'_>) -> Vec<Vec<u64>> {
    let mut counts: Vec<Vec<u64>> = exchange.attributes.iter().map(|a| vec![0; a.values.len()]).collect();
    for disclosure in exchange.disclosures {
        for (counts, &value) in counts.iter_mut().zip(&disclosure.profile) {
            counts[usize::from(value)] += 1;
        }
    }
    counts
}

fn count_causes(disclosures: &[Disclosure]) -> BTreeMap<Cause, CauseCount> {
    let mut causes: BTreeMap<Cause, CauseCount> = Cause::all().map(|cause| (cause, CauseCount::default())).collect();
    for disclosure in disclosures {
        causes.entry(disclosure.attribution.primary).or_default().primary += 1;
        let kinds: BTreeSet<ErrorKind> =
            disclosure.attribution.alone.iter().map(|&error| disclosure.errors[error].error.kind).collect();
        for kind in kinds {
            causes.entry(Cause::Error(kind)).or_default().sufficient += 1;
        }
    }
    causes
}

/// The curve over every threshold at which something changes, at most [`MOST_POINTS`] of them, spread evenly over the
/// scores if there are more. All routes are moved to the same threshold.
fn curve(exchange: &Exchange<'_>) -> Vec<CurvePoint> {
    let scores: BTreeSet<Score> =
        exchange.answers.iter().flat_map(Answers::best).map(|answer| answer.score).filter(|s| s.0 != 0).collect();
    let step = scores.len().div_ceil(MOST_POINTS).max(1);
    scores
        .iter()
        .step_by(step)
        .map(|&threshold| {
            let mut point = CurvePoint { threshold, returned_right: 0, returned_wrong: 0, missed: 0 };
            for (request, (answers, judged)) in exchange.answers.iter().zip(exchange.judged).enumerate() {
                let at = judge(
                    exchange.agreement,
                    exchange.truth,
                    exchange.observed,
                    request,
                    judged.admitted,
                    answers,
                    |_| threshold,
                );
                point.returned_right += u64::from(at.right());
                point.returned_wrong += at.wrong();
                point.missed += u64::from(at.on_file && !at.right());
            }
            point
        })
        .collect()
}

/// The most points of a curve.
pub const MOST_POINTS: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::Cell;

    #[test]
    fn the_primary_cause_is_the_first_error_whose_removal_ends_it() {
        let kind = |i: usize| ErrorKind::ALL[i];
        // Ends when both 1 and 2 are gone.
        let survives = |removed: &[usize]| !(removed.contains(&1) && removed.contains(&2));
        let joint = attribute(4, &Structure::default(), survives, kind);
        assert_eq!(joint.primary, Cause::Error(ErrorKind::ALL[2]));
        assert!(joint.alone.is_empty() && joint.joint());
        assert!(!survives(&[0, 1, 2]) && survives(&[0, 1]));
        // Ends when either is gone.
        let either = attribute(4, &Structure::default(), |r| !r.contains(&1) && !r.contains(&3), kind);
        assert_eq!((either.primary, either.alone.clone()), (Cause::Error(ErrorKind::ALL[1]), vec![1, 3]));
        assert!(either.joint());
    }

    #[test]
    fn what_survives_without_errors_is_structural_by_the_printed_order() {
        let of = |structure: Structure| attribute(2, &structure, |_| true, |i| ErrorKind::ALL[i]).primary;
        let all = Structure { check_not_made: true, one_household: true, later_occupant: true };
        assert_eq!(of(all), Cause::CheckNotMade);
        assert_eq!(of(Structure { check_not_made: false, ..all }), Cause::Relative);
        assert_eq!(of(Structure { later_occupant: true, ..Structure::default() }), Cause::LaterOccupant);
        assert_eq!(of(Structure::default()), Cause::Namesake);
    }

    #[test]
    fn errors_sort_by_the_catalogue_then_by_side() {
        let error = |kind, side| PairError { error: ErrorRef { kind, cell: Cell::ADDRESS }, side };
        let mut errors = [
            error(ErrorKind::Missing, Side::Requester),
            error(ErrorKind::OldAddress, Side::Holder),
            error(ErrorKind::OldAddress, Side::Requester),
        ];
        errors.sort();
        assert_eq!(errors.map(|e| e.side), [Side::Requester, Side::Holder, Side::Requester]);
        assert_eq!(errors[2].error.kind, ErrorKind::Missing);
    }

    #[test]
    fn parts_observed_apart_add_up() {
        let attributes = [Attribute { name: "sex", values: vec!["female", "male"] }];
        let see = |observed: &mut Observed, from: u32, to: u32| {
            for i in from..to {
                observed.record(&[(i % 2) as u8, 0, 0, 0, 0, 0]);
                let seen = FirstSeen { rule: (i % 3) as u8, score: Score(i as i32 % 5 * 1000) };
                observed.pair(i as usize % 4, 0, seen, i == 7);
                if i == 7 {
                    observed.sought_record(3);
                }
            }
        };
        let mut whole = Observed::new(4, 1, &attributes);
        see(&mut whole, 0, 20);
        let (mut left, mut right) = (Observed::new(4, 1, &attributes), Observed::new(4, 1, &attributes));
        see(&mut left, 0, 6);
        see(&mut right, 6, 20);
        right.merge(&left);
        assert_eq!(whole, right);
    }
}
