"""Who serves whom and who could take over: load moves one way at a time, in whole milliwatts."""

from collections import Counter
from collections.abc import Iterable, Sequence


class Network:
    """
    Service in order, and the room that it leaves.

    Parameters
    ----------
    near
        For each want (a place and a class), the hosts that may serve it in an outage.
    serves
        For each host, what it serves of each want, in order.
    room
        For each host, what it could serve beside.

    Power is in whole milliwatts: nothing is lost by rounding while it is moved.
    """

    def __init__(
        self, near: Sequence[Sequence[int]], serves: list[dict[int, int]], room: list[int]
    ) -> None:
        self.near, self.serves, self.room = near, serves, room
        self.stuck = self._stuck()

    def _stuck(self) -> set[int]:
        """
        Find the hosts that have no room, and whose load nobody takes who has, or who passes it on.

        An outage changes nothing about that: moving load along one way opens no other way to room.
        """
        near_host = _turned(self.near, len(self.room))
        served_by = _turned(self.serves, len(self.near))
        stuck = {host for host, room in enumerate(self.room) if room <= 0}
        open_ = [host for host, room in enumerate(self.room) if room > 0]
        while open_:
            for want in near_host[open_.pop()]:
                freed = stuck.intersection(served_by[want])
                served_by[want] = []
                stuck -= freed
                open_ += freed
        return stuck

    def without(self, out: Iterable[int]) -> tuple[dict[int, int], set[int]]:
        """
        Serve elsewhere what some hosts serve, as far as it goes.

        Gives what is lost of each want, and the hosts whose load changes, those that are out too.
        """
        moving = _Moving(self, set(out))
        left: Counter[int] = Counter()
        for host in moving.out:
            left.update(self.serves[host])
        while left and moving.look_around(left):
            for want, power in list(left.items()):
                left[want] -= moving.serve(want, power)
                if not left[want]:
                    del left[want]
        return dict(left), moving.touched


def _turned(rows: Sequence[Iterable[int]], columns: int) -> list[list[int]]:
    """Give, for each column, the rows that name it."""
    turned: list[list[int]] = [[] for _ in range(columns)]
    for row, named in enumerate(rows):
        for column in named:
            turned[column].append(row)
    return turned


class _Moving:
    """
    One outage: what has been moved so far, beside what is served in order.

    Load moves from ring to ring: whoever asks is asked by nobody in the rings behind (Dinic 1970,
    on what is left of the flow in order).
    """

    def __init__(self, network: Network, out: set[int]) -> None:
        self.network, self.out = network, out
        self.closed = network.stuck | out
        self.touched = set(out)
        self.room: dict[int, int] = {}
        self.serves: dict[int, dict[int, int]] = {}
        self.ring_of_want: dict[int, int] = {}
        self.ring_of_host: dict[int, int] = {}

    def look_around(self, wants: Iterable[int]) -> bool:
        """
        Ask ring by ring who could take some wants over, until somebody has room; False: nobody has.

        Whoever was asked in vain has no way to room, and is not asked again.
        """
        self.ring_of_want, self.ring_of_host = dict.fromkeys(wants, 0), {}
        edge, ring = list(self.ring_of_want), 0
        while edge:
            asked = {host for want in edge for host in self.network.near[want]}
            asked -= self.closed
            asked -= self.ring_of_host.keys()
            self.ring_of_host.update(dict.fromkeys(asked, ring))
            if any(self._room(host) > 0 for host in asked):
                return True
            held = {want for host in asked for want, mw in self._served(host).items() if mw > 0}
            edge, ring = sorted(held - self.ring_of_want.keys()), ring + 1
            self.ring_of_want.update(dict.fromkeys(edge, ring))
        self.closed.update(self.ring_of_host)
        return False

    def serve(self, want: int, power: int) -> int:
        """Serve a want from the hosts of its ring; give how much they take over."""
        taken = 0
        for host in self.network.near[want]:
            if self.ring_of_host.get(host) == self.ring_of_want[want] and taken < power:
                more = self._make_room(host, power - taken)
                if more:
                    mine = self._own(host)
                    mine[want] = mine.get(want, 0) + more
                    taken += more
        if taken < power:
            self.ring_of_want[want] = -1  # nobody takes more of it this time
        return taken

    def _make_room(self, host: int, power: int) -> int:
        """Find room at a host, or make it by passing load on to the next ring; give how much."""
        made = min(power, self._room(host))
        self.room[host] = self._room(host) - made
        ring = self.ring_of_host[host] + 1
        for want, held in list(self._served(host).items()):
            if made < power and held and self.ring_of_want.get(want) == ring:
                passed = self.serve(want, min(held, power - made))
                if passed:
                    self._own(host)[want] -= passed
                    made += passed
        if made < power:
            del self.ring_of_host[host]
        return made

    def _room(self, host: int) -> int:
        return self.room.get(host, max(0, self.network.room[host]))

    def _served(self, host: int) -> dict[int, int]:
        return self.serves.get(host, self.network.serves[host])

    def _own(self, host: int) -> dict[int, int]:
        """Give what a host serves in this outage, to be changed."""
        self.touched.add(host)
        return self.serves.setdefault(host, dict(self.network.serves[host]))
