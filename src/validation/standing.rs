//! Rows about nativity and status: of people, couples and households.

use super::{FigureOrigin, Ratio, Row, Tolerance};
use crate::population::{Block, Group, Person, Sex, Status};

const FOREIGN_BORN: &str = "people born abroad in 2023, chart datawrapper.dwcdn.net/z2eOR/7";
const COUPLES: &str = "Census Bureau, ACSBR/11-16, married-couple households of 2011";
const PEW: &str = "Pew Research Center, August 2025, as reported by Migrant Insider";
const SPOUSES: &str = "Migration Policy Institute, profile of the unauthorised population, as reported";
const DOCKET: &str = "final orders on the non-detained docket, November 2024, countries read";

/// Counts of status and households: one ratio a row.
#[derive(Default)]
pub(super) struct Standings([Ratio; 12]);

impl Standings {
    /// Counts a block.
    pub(super) fn add(&mut self, block: &Block) {
        let mut counts = [(0_u64, 0_u64); 12];
        let mut add = |row: usize, hit: bool| {
            counts[row].0 += u64::from(hit);
            counts[row].1 += 1;
        };
        for person in &block.people {
            add(0, person.abroad);
            if person.abroad {
                add(1, person.status == Status::Naturalised);
                add(2, is_without_status(person));
            }
            if person.final_order {
                add(11, person.group == Group::Hispanic);
            }
            let Some(spouse) = person.kin.spouse.and_then(|slot| block.people.get(usize::from(slot))) else { continue };
            if person.sex == Sex::Male {
                add(3, person.abroad && spouse.abroad);
                add(4, person.abroad != spouse.abroad);
                if person.abroad && spouse.abroad {
                    let naturalised = [person, spouse].map(|one| one.status == Status::Naturalised);
                    add(5, naturalised == [true; 2]);
                    add(6, naturalised[0] != naturalised[1]);
                }
            }
            if person.final_order {
                add(9, spouse.status.is_citizen());
                add(10, spouse.status == Status::PermanentResident);
            }
        }
        for household in block.households.iter().filter(|household| household.institution.is_none()) {
            let people = || household.members.iter().map(|&slot| &block.people[usize::from(slot)]);
            let somebody = people().any(is_without_status);
            add(7, somebody);
            if somebody {
                people().filter(|person| person.age() < 18).for_each(|child| add(8, child.status.is_citizen()));
            }
        }
        for (ratio, (hits, trials)) in self.0.iter_mut().zip(counts) {
            ratio.add(hits, trials);
        }
    }

    pub(super) fn merge(&mut self, other: &Standings) {
        self.0.iter_mut().zip(&other.0).for_each(|(ratio, more)| ratio.merge(more));
    }

    pub(super) fn rows(&self, rows: &mut Vec<Row>) {
        let within = Tolerance::Within;
        let married = "A sixth of the figure: it is of 2011, and marriages between groups are drawn at random.";
        let household = "A quarter: how many people without a status live together is assumed, and who counts as one differs \
                         between estimates.";
        let children =
            "An eighth of the figure: three quarters is all that is reported, and when parents came is assumed.";
        let spouses = "Wide: the figure is of married people without a status, not of those with an order, of whose spouses \
                       a fifth have one too, and rests on a copy of the profile.";
        for (i, (figure, population, source, kind, published, tolerance, because)) in [
            ("people born abroad", "all", FOREIGN_BORN, FigureOrigin::Fitted, 0.153, within(0.02), ""),
            ("naturalised", "born abroad", FOREIGN_BORN, FigureOrigin::Fitted, 0.49, within(0.04), ""),
            (
                "without a permanent status or visa",
                "born abroad",
                FOREIGN_BORN,
                FigureOrigin::Fitted,
                0.27,
                within(0.04),
                "",
            ),
            ("both born abroad", "married couples", COUPLES, FigureOrigin::Predicted, 0.131, within(0.025), married),
            ("one born abroad", "married couples", COUPLES, FigureOrigin::Fitted, 0.074, within(0.02), ""),
            ("both naturalised", "couples both born abroad", COUPLES, FigureOrigin::Fitted, 0.41, within(0.08), ""),
            ("one naturalised", "couples both born abroad", COUPLES, FigureOrigin::Fitted, 0.20, within(0.05), ""),
            (
                "somebody without a status",
                "households",
                PEW,
                FigureOrigin::Predicted,
                1.0 / 18.0,
                Tolerance::Share(0.25),
                household,
            ),
            (
                "citizens",
                "children living with such a person",
                PEW,
                FigureOrigin::Predicted,
                0.75,
                within(0.10),
                children,
            ),
            ("citizens", "spouses of people with an order", SPOUSES, FigureOrigin::Fitted, 0.27, within(0.10), ""),
            (
                "permanent residents",
                "spouses of the same",
                SPOUSES,
                FigureOrigin::Predicted,
                0.14,
                within(0.08),
                spouses,
            ),
            (
                "Hispanic",
                "people with an order",
                DOCKET,
                FigureOrigin::Input,
                0.802,
                Tolerance::Between(0.78, 0.88),
                "",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            rows.push(Row {
                figure: figure.into(),
                population: population.into(),
                source: source.into(),
                kind,
                published,
                tolerance,
                because: because.into(),
                ..self.0[i].row(1.0)
            });
        }
    }
}

/// Returns `true` if a person has neither a permanent status nor a visa: waits for one, is under an order or has none.
fn is_without_status(person: &Person) -> bool {
    matches!(person.status, Status::Pending | Status::NoneRecorded) || person.final_order
}
