//! The holder's file, block by block: each person is made once, and each record once for all runs that have the same
//! file.

use super::world::World;
use crate::agency::{Agency, Draft, ErrorSet, Subject};
use crate::evaluation::Profile;
use crate::linkage::blocking::normalise_into;
use crate::population::Block;
use crate::record::{Field, Records};
use std::sync::Arc;

/// The files of a run and of those beside it, block by block.
pub(super) struct Files<'f, 's> {
    worlds: Vec<&'f World<'s>>,
    /// `true` for each run that has the file of the first, apart from whom a request seeks.
    alike: Vec<bool>,
}

impl<'f, 's> Files<'f, 's> {
    pub fn new(worlds: impl Iterator<Item = &'f World<'s>>) -> Files<'f, 's> {
        let worlds: Vec<&World<'s>> = worlds.collect();
        let alike = worlds.iter().enumerate().map(|(i, world)| i == 0 || world.has_the_holder_of(worlds[0])).collect();
        Files { worlds, alike }
    }

    /// Working memory for [`Files::make`].
    pub fn batches(&self) -> [Batch; 2] {
        [Batch::new(&self.worlds[0].holder.fields), Batch::new(&self.worlds[0].holder.fields)]
    }

    /// Makes the records of a block and gives them to each run that is `wanted`, by its place among them: each person
    /// is made once, each record once for all runs that have the same file.
    pub fn make(
        &self,
        index: u64,
        [common, own]: &mut [Batch; 2],
        wanted: impl Fn(usize) -> bool,
        mut see: impl FnMut(usize, &Block, &Batch),
    ) {
        let first = self.worlds[0];
        let block = first.country.block(index);
        let mut made = false;
        for (i, world) in self.worlds.iter().enumerate().filter(|(i, _)| wanted(*i)) {
            if self.alike[i] && (i == 0 || world.has_the_file_of(first, &block)) {
                if !made {
                    first.file(&block, &first.holder(), common);
                    made = true;
                }
                see(i, &block, common);
                continue;
            }
            let other = (!Arc::ptr_eq(&world.country, &first.country)).then(|| world.country.block(index));
            let block = other.as_ref().unwrap_or(&block);
            world.file(block, &world.holder(), own);
            see(i, block, own);
        }
    }
}

/// A piece of the holder's file with its working memory.
pub(super) struct Batch {
    pub records: Records,
    pub normal_forms: Records,
    /// The person each record is about: the slot in the block.
    pub slots: Vec<usize>,
    /// The errors that found something to change in each.
    pub errors: Vec<ErrorSet>,
    /// And what the person is by each attribute.
    pub profiles: Vec<Profile>,
    draft: Draft,
}

impl Batch {
    pub fn new(fields: &[Field]) -> Batch {
        Batch {
            records: Records::new(fields),
            normal_forms: Records::new(fields),
            slots: Vec::new(),
            errors: Vec::new(),
            profiles: Vec::new(),
            draft: Draft::default(),
        }
    }
}

impl World<'_> {
    /// Writes the holder's records of a block into a batch.
    pub(super) fn file(&self, block: &Block, holder: &Agency<'_>, batch: &mut Batch) {
        batch.records.clear();
        batch.slots.clear();
        batch.errors.clear();
        batch.profiles.clear();
        for slot in 0..block.people.len() {
            let subject = Subject::of(block, slot);
            if !self.is_on_file(holder, subject) {
                continue;
            }
            batch.errors.push(holder.record(subject, ErrorSet::NONE, &mut batch.draft, None));
            let record = self.truth.record_of(subject.person.id);
            batch.records.push(record, &holder.row(&batch.draft));
            batch.slots.push(slot);
            batch.profiles.push(self.profile(subject));
        }
        normalise_into(&batch.records, &self.recorded, &mut batch.normal_forms);
    }

    /// Returns `true` if the holder of another run keeps the same file about people whom neither seeks.
    fn has_the_holder_of(&self, other: &World<'_>) -> bool {
        Arc::ptr_eq(&self.country, &other.country) && self.holder == other.holder
    }

    /// Returns `true` if that holder has the same people of a block on file, whoever is sought.
    fn has_the_file_of(&self, other: &World<'_>, block: &Block) -> bool {
        let (mine, theirs) = (self.holder(), other.holder());
        (0..block.people.len()).all(|slot| {
            let subject = Subject::of(block, slot);
            let sought = [self, other].iter().any(|world| world.is_sought(subject.person.id));
            !sought || self.is_on_file(&mine, subject) == other.is_on_file(&theirs, subject)
        })
    }
}
