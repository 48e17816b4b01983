"""What is done with a person next: in turn, and never one thing twice running."""

from collections.abc import Iterable

from irm.funnel.planner.terms import Move, Person


def in_turn(person: Person, last: str | None) -> tuple[Move, ...]:
    """What may be done next, the best first: in turn from what was done last, and not that.

    Where hours are short, the shorter of the next few goes first.
    """
    turned = _from(person.moves, last)
    few = person.thrift
    if few < 2:
        return turned
    return tuple(sorted(turned[:few], key=lambda move: move.minutes)) + turned[few:]


def _from(moves: tuple[Move, ...], last: str | None) -> tuple[Move, ...]:
    if len(moves) == 1 or last is None:
        return moves
    for number, move in enumerate(moves):
        if move.code == last:
            return moves[number + 1 :] + moves[:number]
    return moves


def fitting(person: Person, minutes: Iterable[int]) -> list[Move] | None:
    """What is done in pieces of so many minutes, in their order; None where one is too short."""
    done: list[Move] = []
    last = person.last_move
    for most in minutes:
        move = next((one for one in in_turn(person, last) if one.minutes <= most), None)
        if move is None:
            return None
        done.append(move)
        last = move.code
    return done
