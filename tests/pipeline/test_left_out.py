"""What is left out, summed up."""

from tokaudit.pipeline.left_out import LeftOutGroup, left_out_groups, left_out_words
from tokaudit.readers.files import LeftOut


def test_files_are_grouped_by_rule_and_suffix() -> None:
    groups = left_out_groups(
        [
            LeftOut("/c/b.PDF", "unclaimed", 5),
            LeftOut("/c/a.pdf", "unclaimed", 7),
            LeftOut("/c/x.json.gz", "unclaimed", 1),
            LeftOut("/c/.git", "vcs"),
            LeftOut("/c/LICENSE", "about_data", 2),
        ],
        [LeftOutGroup("unclaimed", ".pdf", 3, 10, "/c/t.tar!z.pdf")],
    )

    assert groups == [
        LeftOutGroup("about_data", "", 1, 2, "/c/LICENSE"),
        LeftOutGroup("unclaimed", ".json.gz", 1, 1, "/c/x.json.gz"),
        LeftOutGroup("unclaimed", ".pdf", 5, 22, "/c/a.pdf"),
        LeftOutGroup("vcs", "", 1, 0, "/c/.git"),
    ]


def test_a_sentence_names_the_three_most_frequent_kinds() -> None:
    groups = [
        LeftOutGroup("unclaimed", ".pdf", 71, 30_000_000, "a"),
        LeftOutGroup("hidden", ".json", 9, 500_000, "b"),
        LeftOutGroup("hidden", "", 3, 500_000, "c"),
        LeftOutGroup("binary", ".png", 5, 0, "d"),
        LeftOutGroup("vcs", "", 2, 0, "e"),
    ]

    assert left_out_words(groups) == "90 files, 31 MB left out: 71 .pdf, 12 hidden, 5 .png, …"
    assert left_out_words(groups[-1:]) == "2 files, 0 B left out: 2 vcs"
