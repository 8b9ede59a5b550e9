from plumbing.merging.source import Piece, Block
def merge_rows(base: Piece | None, ours: Piece, theirs: Piece) -> tuple[str, ...] | None:
    return None
def with_new_keywords(merged: Piece, base: Block, theirs: Block) -> Piece:
    return merged
