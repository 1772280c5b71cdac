"""What contracts in SimPy 2 come to."""
from SimPy.Simulation import Process, Tally, hold, now

HOUR, BINS = 3600e9, 60
# What every contract has; "disputes.right" is of those that are disputed.
MEASURES = ("volume", "client.pays", "client.gets", "client.net", "worker.pays", "worker.gets", "worker.net",
            "worker.income", "agents.net", "treasury.gets", "fees", "stake.slashed", "dispute.bonds",
            "backup.bonds", "backup.slashed", "dispute.forfeited", "disputes", "work.cost", "work.value",
            "welfare.lost", "capital.days", "capital.cost")


class Results:
    """What the contracts come to: endings, measures, and hours until they are settled."""

    def __init__(self, longest):
        self.endings = {}
        self.tallies = {name: Tally(name) for name in MEASURES}
        self.observers = [tally.observe for tally in self.tallies.values()]
        self.right = self.tallies["disputes.right"] = Tally("disputes.right")
        self.settle = self.tallies["settle"] = Tally("settle")
        self.settle.setHistogram(low=0, high=longest / HOUR, nbins=1000)

    def add(self, ending, lasted, values):
        t = now()
        self.endings[ending] = self.endings.get(ending, 0) + 1
        for observe, value in zip(self.observers, values):
            observe(value, t)
        self.settle.observe(lasted / HOUR, t)

    def report(self):
        return {"endings": self.endings, "hours": list(self.settle.getHistogram()),
                "tallies": {name: {"count": t.count(), "mean": t.mean(), "var": t.var()}
                            for name, t in self.tallies.items() if t.count()}}


class Custody:
    """The money that a batch of contracts has in custody."""

    def __init__(self):
        # All that came has been there since it came: its area at an instant is the
        # level times the instant, less all money times when it came.
        self.level = self.moment = self.area = 0
        self.levels = []

    def note(self, width):
        """Notes the mean level of the bin that ends now."""
        area = self.level * now() - self.moment
        self.levels.append((area - self.area) / width)
        self.area = area


class Horizon(Process):
    """Notes what has been in custody at the end of each bin."""

    def watch(self, horizon, batches):
        width = horizon / BINS
        for _ in range(BINS):
            yield hold, self, width
            for custody in batches:
                custody.note(width)
