"""Splink over the files of `generate --columns splink` as they are, with the settings of the first example of its
documentation for the fields it has there (first name, surname, date of birth, city; these files have no e-mail).

    python splink_example.py DIR

Prints how many pairs it found, and how many of them are right by the column `cluster`.
"""

import sys

import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

folder = sys.argv[1]
api = DuckDBAPI()
connection = api._con
tables = []
for name in ("requester", "holder"):
    connection.execute(f"create table {name} as select * from read_csv('{folder}/{name}.csv', all_varchar = true)")
    tables.append(api.register(name, dataset_display_name=name))
settings = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.NameComparison("first_name"),
        cl.JaroAtThresholds("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=[block_on("first_name", "dob"), block_on("surname")],
)
linker = Linker(tables, settings)
linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname")], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
predictions = linker.inference.predict(threshold_match_weight=-5)
records = [connection.execute(f"select count(*) from {name}").fetchone()[0] for name in ("requester", "holder")]
both = connection.execute("select count(*) from requester join holder using (cluster)").fetchone()[0]
print(f"splink {splink.__version__}: {records[0]} x {records[1]} records, {both} people in both files")
for least in (0.5, 0.95, 0.999):
    pairs, right = connection.execute(
        f"""
        select count(*), count(*) filter (r.cluster = h.cluster) from {predictions.physical_name} p
        join requester r on r.unique_id = if(source_dataset_l = 'requester', unique_id_l, unique_id_r)
        join holder h on h.unique_id = if(source_dataset_l = 'requester', unique_id_r, unique_id_l)
        where match_probability >= {least}
        """
    ).fetchone()
    print(f"probability {least}: {pairs} pairs, {right} right, of the people in both {right / both:.3f}")
