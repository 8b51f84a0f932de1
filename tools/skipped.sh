#!/usr/bin/env bash
# Lists and counts the tests that could not check what they are for. With CI=true it fails where the folder of shared
# data is there, unless each of them needs what the machine does not allow.
#
#   tools/skipped.sh ACCOUNT      the file that NAMESAKE_SKIPPED named while the tests ran
set -euo pipefail

account=${1:?usage: skipped.sh ACCOUNT}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ ! -s "$account" ]; then echo "No test was skipped."; exit 0; fi

# A test that needs several files enters itself several times.
list=$(sort -u "$account")
echo "$(sed 's/: .*//' <<<"$list" | sort -u | wc -l) tests checked nothing, or not everything:"
sed 's/^/  /' <<<"$list"
if [ "${CI:-}" = true ] && [ -d "${NAMESAKE_SHARED:-../shared}" ] && grep -qv 'not allowed here' <<<"$list"; then
  echo "skipped.sh: the shared data is there, so each of them has to be checked" >&2
  exit 1
fi
