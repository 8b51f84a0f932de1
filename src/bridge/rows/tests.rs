//! Tests of `bridge::rows`.

use super::*;

/// Gives its bytes a few at a time.
struct Trickle<'b>(&'b [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(self.0.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn records(text: &str, at_a_time: usize) -> Vec<(u64, Vec<String>)> {
    let mut table = RowReader::new("t.csv", b',', Trickle(text.as_bytes(), at_a_time));
    let mut all = Vec::new();
    while let Some(batch) = table.next_batch().unwrap() {
        for row in 0..batch.len() {
            let cell = |column| String::from_utf8(batch.cell(row, column).to_vec()).unwrap();
            all.push((batch.line(row), (0..batch.cells.width).map(cell).collect()));
        }
    }
    all
}

#[test]
fn quotes_or_none_the_records_are_those_of_the_csv_crate() {
    let plain = "id,name,zip\n1,Nuñez Ibáñez de la Cruz,00001\n\n2,Ōe,\n3,,\n,,\n4,Smith,00002";
    let texts = [
        plain.to_owned(),
        format!("{plain}\n"),
        plain.replace('\n', "\r\n"),
        plain.replace("Ōe", "\"Ō,\n\"\"e\"\"\"") + "\n5,\"x\",y\n6,x,y\n",
        "a\n".to_owned(),
        plain.replace("id", "\"id\""),
        String::new(),
    ];
    for text in &texts {
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let expected: Vec<(u64, Vec<String>)> = csv
            .records()
            .map(|record| record.unwrap())
            .map(|record| (record.position().unwrap().line(), record.iter().map(str::to_owned).collect()))
            .collect();
        for at_a_time in [1, 7, 1_000] {
            let found = records(text, at_a_time);
            let cells = |all: &[(u64, Vec<String>)]| all.iter().map(|(_, cells)| cells.clone()).collect::<Vec<_>>();
            assert_eq!(cells(&found), cells(&expected), "{text:?} {at_a_time}");
        }
    }
    let lines: Vec<u64> = records(&texts[3], 5).iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 4, 6, 7, 8, 9, 10]);
}

#[test]
fn lines_are_counted_however_they_end() {
    let text = "a,b\n\n1,\"x\ny\"\n\n\n2,z\n3,\"\"\"\n\"\n4,";
    for end in ["\n", "\r\n", "\r"] {
        for at_a_time in [1, 2, 1_000] {
            let lines: Vec<u64> = records(&text.replace('\n', end), at_a_time).iter().map(|(l, _)| *l).collect();
            assert_eq!(lines, [1, 3, 7, 8, 10], "{end:?} {at_a_time}");
        }
    }
    // The first quote stands in the second block.
    let plain = "1,x\n".repeat(BLOCK / 4);
    let text = format!("a,b\n{plain}1,\"x\ny\"\n2,z\n");
    let lines: Vec<u64> = records(&text, BLOCK + 4).iter().map(|(line, _)| *line).skip(BLOCK / 4).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines.iter().map(|line| line - BLOCK as u64 / 4).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn a_quote_that_does_not_close_is_found_where_it_opens() {
    for (text, line) in
        [("a,b\n1,\"x\n2,y\n3,z", 2), ("a,b\n1,\"x\"\n2,\"y\"\"\n", 3), ("a,b\r\n1,x\r\n2,\"", 3), ("a\n\"\0\n", 2)]
    {
        let mut table = RowReader::new("t.csv", b',', text.as_bytes());
        let error = loop {
            match table.next_batch() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("{text:?} should be refused"),
                Err(error) => break error,
            }
        };
        assert!(error.problem.contains("does not close"), "{error}");
        assert_eq!(error.line, Some(line), "{text:?}");
    }
    // What looks like the mark is a record like others.
    assert_eq!(records("a\n\"b\"\n\0\n", 1).len(), 3);
    assert_eq!(records("a\n\"b\"\n\0", 1).len(), 3);
}
