from plumbing.merging.text import Merged, TextMerge
def merge_requirements(base: str, ours: str, theirs: str, merge_lines: TextMerge) -> Merged:
    return merge_lines(base, ours, theirs)
