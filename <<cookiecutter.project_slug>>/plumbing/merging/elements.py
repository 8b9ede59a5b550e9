from plumbing.merging.source import Piece
def merge_elements(base: Piece | None, ours: Piece, theirs: Piece) -> tuple[str, ...] | None:
    return None
