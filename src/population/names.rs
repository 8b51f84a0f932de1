//! Names: a stand-in.
use super::{Group, Sex};
use crate::random::Stream;
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
/// s
pub struct SurnameCode(pub u32);
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
/// g
pub struct GivenCode(pub u32);
/// n
pub struct Names;
#[allow(missing_docs)]
impl Names {
    pub fn new() -> Names {
        Names
    }
    pub fn surname(&self, group: Group, s: &mut Stream) -> SurnameCode {
        let u = s.uniform();
        SurnameCode((u * u * u * 20000.0) as u32 + 1000 * (group as u32))
    }
    pub fn given(&self, group: Group, sex: Sex, _birth_year: i32, s: &mut Stream) -> GivenCode {
        let u = s.uniform();
        GivenCode((u * u * u * 3000.0) as u32 * 2 + sex as u32 + 10 * (group as u32))
    }
    pub fn write_surname(&self, c: SurnameCode, out: &mut String) {
        out.push_str(&format!("Sur{}", c.0))
    }
    pub fn write_given(&self, c: GivenCode, out: &mut String) {
        out.push_str(&format!("Giv{}", c.0))
    }
    pub fn nicknames(&self, _g: &str) -> &[&str] {
        &[]
    }
    pub fn nickname_groups(&self) -> String {
        String::new()
    }
}
