"""Brings the catalogues in `assets/locale` up to date with the code, checks them, and counts.

python scripts/translations update   # write what is new, drop what is gone
python scripts/translations check    # fails and lists what is missing, unused, doubtful or wrong
python scripts/translations count    # how much is translated, by file
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from catalogues import problems, read, update
from messages import messages

from viz.languages import ENGLISH, LANGUAGES


def main(does: str) -> int:
    """Does it for every language; the exit status."""
    found, wrong = messages(), 0
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        catalogue = update(language, found) if does == "update" else read(language)
        listed = list(problems(catalogue, found))
        if does == "check":
            print(*(f"{language.tag}: {what}: {message}" for what, message in listed), sep="\n")
            wrong += len(listed)
        if does == "count":
            open_ = {message for what, message in listed if what in ("missing", "untranslated")}
            of_file = Counter(
                at[0].file
                for key, at in found.items()
                if (key if isinstance(key, str) else key[0]) in open_
            )
            print(*(f"{count:5} {file}" for file, count in of_file.most_common()), sep="\n")
        counts = Counter(what for what, _ in listed)
        print(f"{language.tag}: {len(found)} messages, {dict(counts) or 'all translated'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("update", "check", "count"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
