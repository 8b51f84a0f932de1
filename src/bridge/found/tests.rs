//! Tests of `bridge::found`.

use super::*;

const A: &str = "id,who,name\n1,x,Zoë\n2,y,Ōe\n3,z,Nuñez\n";
const B: &str = "id,who,name\n11,x,Zoe\n12,y,Oe\n2,w,Li\n";

fn files() -> (LabelledPair, Spec) {
    let spec = Spec::parse("spec.toml", "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"name\"").unwrap();
    let files = LabelledPair::from_readers(("a.csv", A.as_bytes()), ("b.csv", B.as_bytes()), &spec).unwrap();
    (files, spec)
}

fn read(list: &str) -> Result<Found, String> {
    let (files, spec) = files();
    Found::from_reader("list.csv", list.as_bytes(), &files, &spec, &Chosen::default())
        .map_err(|error| error.to_string())
}

fn rows(list: &str) -> (Format, Vec<(u32, u32)>) {
    let found = read(list).unwrap();
    (found.format, found.pairs.iter().map(|pair| (pair.a, pair.b)).collect())
}

#[test]
fn the_header_says_which_program_wrote_it() {
    let pairs = vec![(0, 0), (1, 1)];
    for (format, list) in [
        (Format::Splink, "match_weight,unique_id_l,unique_id_r\n1.5,1,11\n-2,2,12\n"),
        (Format::Splink, "id_l,id_r\n2,12\n1,11\n"),
        (Format::RecordLinkage, "id_1,id_2,score\n1,11,7\n2,12,3\n"),
        (Format::RecordLinkage, "level_0\tlevel_1\n1\t11\n2\t12\n"),
        (Format::FastLink, "\"inds.a\",\"inds.b\",\"posterior\"\n1,1,0.9\n2,2,0.8\n"),
        (Format::Ids, "id_a,id_b\n1,11\n2,12\n"),
        (Format::Ids, "_id,ltable_id,rtable_id\n0,1,11\n1,2,12\n"),
        (Format::Ids, "id_x,id_y\n1.0,11.0\n2.0,12.0\n"),
        (Format::Ids, "left_id,right_id\n1,11\n2,12\n"),
        (Format::RecordLinkage, ",,name\n1,11,0.5\n2,12,1.0\n"),
        (Format::RecordLinkage, "id,id,name\n1,11,0.5\n2,12,1.0\n"),
        (Format::Reclin2, "\"\",\".x\",\".y\",\"weights\"\n\"1\",1,1,3.5\n\"2\",2,2,-1\n"),
        (Format::Reclin2, ".y,.x,id.x,name.x,id.y,name.y\n1,1,1,Zoe,11,Zoe\n2,2,2,Oe,12,Oe\n"),
        (Format::RRecordLinkage, "\"\",\"id1\",\"id2\",\"Weight\"\n\"1\",1,1,0.9\n\"2\",2,2,0.7\n"),
        (Format::RRecordLinkage, "id1|id2\n1|11\n2|12\n"),
        (Format::Clusters, "z_minScore,z_cluster,id,z_source\n0.5,7,1,a\n0.5,7,11,b\n1,8,2,a\n1,8,12,b\n"),
        (Format::Clusters, "id,cluster_id,source_dataset\n1,c,a\n11,c,b\n2,d,a\n12,d,b\n3,,a\n2,e,b\n"),
        (Format::Clusters, "source file,Cluster ID,Id\n0,c,1\n1,c,11\n0,d,2\n1,d,12\n"),
        (Format::Clusters, ",prediction\n1,c\n11,c\n3,c2\n12,c2\n"),
    ] {
        let expected = if list.starts_with(",prediction") { vec![(0, 0), (2, 1)] } else { pairs.clone() };
        assert_eq!(rows(list), (format, expected), "{list}");
    }
    let scored = read("match_probability,match_weight,unique_id_l,unique_id_r\n0.9,3.25,1,11\n").unwrap();
    assert_eq!((scored.score.as_deref(), scored.pairs[0].score), (Some("match_weight"), Some(3.25)));
    assert_eq!(read("id_x,id_y\n1.0,11\n").unwrap().notices[0].code, Code::WholeNumbers);
    assert!(read("id_a,id_b,ID_A\n1,11,3\n").unwrap_err().to_string().contains("twice"));
}

#[test]
fn it_does_not_matter_which_of_the_two_stands_left() {
    // 12 is only in B, so 1 is meant of A; 2 is in both, and its dataset says which.
    assert_eq!(rows("unique_id_l,unique_id_r\n12,1\n").1, [(0, 1)]);
    let named = "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\nb,2,a,2\nb,11,a,2\n";
    assert_eq!(rows(named).1, [(1, 0), (1, 2)]);
    assert_eq!(rows("unique_id_l,unique_id_r\n2,2\n").1, [(1, 2)]);
    // Two of one file are no pair across files.
    let within = read("unique_id_l,unique_id_r\n1,3\n1,11\n").unwrap();
    assert_eq!((within.pairs.len(), within.left_out), (1, 1));
}

#[test]
fn no_side_is_guessed() {
    let list = |rows: &str| read(&format!("source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n{rows}"));
    let rows = |found: Found| found.pairs.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>();
    // Both files have 2 and 3. An id that one file has shows what both names mean, before or behind.
    for text in ["b,2,a,3\n", "2,2,1,3\n", "tax,2,dec,3\ntax,11,dec,1\n", "tax,11,dec,1\ntax,2,dec,3\n"] {
        let found = rows(read_with("3,w,Li\n", &header(text)).unwrap());
        assert!(found.contains(&(2, 2)) && !found.contains(&(1, 3)), "{text}: {found:?}");
    }
    let open = read_with("3,w,Li\n", &header("tax,2,dec,3\n")).unwrap_err();
    assert!(["line 2", "\"tax\"", "datasets = {"].iter().all(|hint| open.contains(hint)), "{open}");
    // Three files, or one name for two.
    assert!(list("tax,11,dec,1\ntax,11,acs,3\n").unwrap_err().contains("\"acs\" and \"dec\""));
    assert!(list("tax,11,dec,1\ndec,11,tax,1\n").unwrap_err().contains("as line 2 shows"));
    // Without names nobody knows of Splink's list which file is on the left.
    let unnamed = read_with("3,w,Li\n", "unique_id_l,unique_id_r\n1,11\n2,3\n").unwrap_err();
    assert!(["line 3", "\"2\"", "source_dataset_l"].iter().all(|hint| unnamed.contains(hint)), "{unnamed}");
    // Other columns say it, unless the list shows that this does not hold.
    for header in ["id_a,id_b", "id_1,id_2", "ltable_id,rtable_id", "id_left,id_right"] {
        assert_eq!(rows(read_with("3,w,Li\n", &format!("{header}\n2,3\n")).unwrap()), [(1, 3)], "{header}");
    }
    let turned = read_with("3,w,Li\n", "id_1,id_2\n2,3\n12,1\n").unwrap_err();
    assert!(turned.contains("line 2") && turned.contains("line 3"), "{turned}");
    // A name of a file is meant.
    let against_its_name = read_with("3,w,Li\n", "id_a,id_b\n2,3\n12,1\n").unwrap_err();
    assert!(
        against_its_name.contains("line 3") && against_its_name.contains("\"12\" is of file A"),
        "{against_its_name}"
    );
    // The spec may say what the list calls the files.
    let spec = "id = \"id\"\ntruth = \"who\"\ndatasets = { a = \"dec\", b = \"Tax\" }\n[fields]\nsurname = \"name\"";
    let spec = Spec::parse("spec.toml", spec).unwrap();
    let files = LabelledPair::from_readers(("a.csv", A.as_bytes()), ("b.csv", B.as_bytes()), &spec).unwrap();
    let found =
        Found::from_reader("list.csv", header("tax,2,dec,3\n").as_bytes(), &files, &spec, &Chosen::default()).unwrap();
    assert_eq!(rows(found), [(2, 2)]);
}

fn header(rows: &str) -> String {
    format!("source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n{rows}")
}

/// Reads a list of the files, B with a further record.
fn read_with(more: &str, list: &str) -> Result<Found, String> {
    let spec = Spec::parse("spec.toml", "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"name\"").unwrap();
    let b = format!("{B}{more}");
    let files = LabelledPair::from_readers(("a.csv", A.as_bytes()), ("b.csv", b.as_bytes()), &spec).unwrap();
    Found::from_reader("list.csv", list.as_bytes(), &files, &spec, &Chosen::default())
        .map_err(|error| error.to_string())
}

#[test]
fn a_list_that_is_wrong_is_refused_where_it_is_wrong() {
    for (list, hints) in [
        ("left,right\n1,11\n", &["line 1", "left, right", "unique_id_l", "cluster_id"][..]),
        ("unique_id_l,unique_id_r\n1,11\n1,99\n", &["line 3", "\"99\"", "a.csv", "b.csv"]),
        ("unique_id_l,unique_id_r\n1,11\n2,12\n11,1\n", &["line 4", "line 2 already"]),
        ("match_weight,unique_id_l,unique_id_r\nmuch,1,11\n", &["line 2", "\"much\"", "match_weight"]),
        ("match_weight,unique_id_l,unique_id_r\nNaN,1,11\n", &["line 2", "is not a number"]),
        ("prob,id_a,id_b\n1.5,1,11\n", &["line 2", "\"1.5\"", "0 to 1"]),
        ("posterior,id_a,id_b\n1,2,12\n-3,1,11\n", &["line 3", "\"-3\"", "0 to 1"]),
        ("id,cluster_id\n1,NA\n", &["line 2", "cluster_id", "missing = [\"NA\"]"]),
        ("id,cluster_id\n1,-1\n", &["line 2", "\"-1\""]),
        ("id1,id2\n2,12\n9,9\n", &["line 3", "\"9\""]),
        ("inds.a,inds.b\n4,1\n", &["line 2", "1 to 3"]),
        ("inds.a,inds.b\n0,1\n", &["line 2", "1 to 3"]),
        ("id,cluster_id\n1,c\n2,c\n", &["line 3", "in both files", "source_dataset"]),
        ("id,cluster_id\n1,c\n1,d\n", &["line 3", "line 2 already"]),
        ("", &["empty"]),
    ] {
        let error = read(list).unwrap_err();
        assert!(hints.iter().all(|hint| error.contains(hint)), "{list}: {error}");
    }
    let (files, spec) = files();
    let list = "unique_id_l,unique_id_r\n1,11\n";
    let error = Found::from_reader(
        "list.csv",
        list.as_bytes(),
        &files,
        &spec,
        &Chosen { score: Some("weight"), ..Chosen::default() },
    )
    .unwrap_err();
    assert!(error.to_string().contains("unique_id_l, unique_id_r"), "{error}");
}
