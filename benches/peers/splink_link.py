"""Splink on DuckDB over a.csv and b.csv: files to scored pairs, then the best F1. Prints one line of JSON.

    python splink_link.py DIR [five]

The same six fields, blocking rules and levels as spec.toml; with `five` the five blocking rules that somebody would write
for these fields by hand, to compare with Namesake's default blocking (defaults.toml). Training as Splink's documentation advises: the share of
matches by deterministic rules, u from random pairs, m by EM in three sessions that block on different fields.
"""

import json
import resource
import sys
import time

import duckdb
import pandas
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

RULES = [["surname", "date_of_birth"], ["given_name", "date_of_birth"], ["surname", "given_name", "zip"]]
FIVE = [*RULES, ["date_of_birth", "zip"], ["surname", "street"]]


def trained(folder, rules=RULES, **more):
    """The connection that holds both files as tables, and the linker trained with these blocking rules; `more` are
    settings of Splink."""
    connection = duckdb.connect()
    columns = ", ".join(
        f"nullif({field}, '') as {field}"
        for field in ("given_name", "surname", "date_of_birth", "street", "city", "zip")
    )
    for name in ("a", "b"):
        connection.execute(
            f"create table {name} as select record_id as unique_id, entity, {columns} "
            f"from read_csv('{folder}/{name}.csv', all_varchar = true)"
        )
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("surname", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.92]),
            cl.ExactMatch("city"),
            cl.ExactMatch("zip"),
        ],
        **more,
    )
    api = DuckDBAPI(connection)
    linker = Linker([api.register("a"), api.register("b")], settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "date_of_birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in RULES:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    return connection, linker


def main(folder, rules):
    started = time.perf_counter()
    connection, linker = trained(
        folder, rules, retain_matching_columns=False, retain_intermediate_calculation_columns=False
    )
    predictions = linker.inference.predict(threshold_match_probability=0.0000001)
    pairs_table = predictions.physical_name
    count = connection.execute(f"select count(*) from {pairs_table}").fetchone()[0]
    seconds = time.perf_counter() - started

    curve = connection.execute(
        f"""
        select round(match_weight, 3) as weight, count(*) filter (a.entity = b.entity) as hits,
               count(*) filter (a.entity <> b.entity) as wrong
        from {pairs_table} p join a on p.unique_id_l = a.unique_id join b on p.unique_id_r = b.unique_id
        group by 1 order by 1 desc
        """
    ).df()
    true_pairs = connection.execute("select count(*) from a join b using (entity)").fetchone()[0]
    hits, wrong = curve["hits"].cumsum(), curve["wrong"].cumsum()
    f1 = 2 * hits / (hits + wrong + true_pairs)
    best = f1.idxmax()
    print(
        json.dumps(
            {
                "program": f"splink {splink.__version__}, duckdb {duckdb.__version__}",
                "seconds": round(seconds, 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "pairs": int(count),
                "best_f1": round(float(f1[best]), 5),
                "precision": round(float(hits[best] / (hits[best] + wrong[best])), 5),
                "recall": round(float(hits[best] / true_pairs), 5),
                "pandas": pandas.__version__,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], FIVE if sys.argv[2:] == ["five"] else RULES)
