//! Files packed by gzip or zstd, unpacked as they are read.

#[cfg(feature = "parquet")]
use std::io::{self, Read};

/// The compression of a file, recognised by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// By gzip.
    Gzip,
    /// By Zstandard.
    Zstd,
}

impl Packed {
    /// The compression of a file with that beginning, if it is compressed.
    pub(super) fn told(start: &[u8]) -> Option<Packed> {
        if start.starts_with(b"\x1f\x8b") {
            Some(Packed::Gzip)
        } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
            Some(Packed::Zstd)
        } else {
            None
        }
    }

    /// The program that packs so.
    pub(super) fn by(self) -> &'static str {
        match self {
            Packed::Gzip => "gzip",
            Packed::Zstd => "zstd",
        }
    }

    /// The uncompressed content. A gzip file of several members is all of them, one behind the other.
    #[cfg(feature = "parquet")]
    pub(super) fn unpacked<'r>(self, reader: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        Ok(match self {
            Packed::Gzip => Box::new(Damaged(flate2::read::MultiGzDecoder::new(reader), self)),
            Packed::Zstd => Box::new(Damaged(zstd::Decoder::new(reader)?, self)),
        })
    }
}

/// A reader whose errors say that the packing is damaged.
#[cfg(feature = "parquet")]
struct Damaged<R>(R, Packed);

#[cfg(feature = "parquet")]
impl<R: Read> Read for Damaged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Damaged(reader, packed) = self;
        reader.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => io::Error::other(format!("what {} packed is damaged or cut short: {error}", packed.by())),
        })
    }
}
