"""The default OpenContract scenario in SimPy 2, with plain rules.

Reads its numbers from standard input as JSON, lives through the contracts, and
prints what they came to: every measure, the times until they are settled, and the
money in custody over the horizon. Money is in smallest units, time in
nanoseconds, ratios and parts are fractions of 1.
"""
import json
import sys
import time
from math import log
from random import expovariate, lognormvariate, random, seed, uniform

from SimPy.Simulation import Process, activate, hold, initialize, now, simulate

from results import Custody, Horizon, Results

DAY, BATCHES = 86400e9, 20
MET, NOT_MET, UNCLEAR = range(3)


def law(d):
    """Returns a function that draws from a distribution."""
    low, high = d["from"], d["to"]
    if d["kind"] == "fixed":
        return lambda: low
    if d["kind"] == "uniform":
        return lambda: uniform(low, high)
    if d["kind"] == "exponential":
        rate = 1 / d["middle"]
        return within(low, high, lambda: expovariate(rate))
    middle, spread = log(d["middle"]), d["spread"]
    return within(low, high, lambda: lognormvariate(middle, spread))


def within(low, high, draw):
    """Draws again what falls outside."""
    def drawn():
        x = draw()
        while not low <= x <= high:
            x = draw()
        return x
    return drawn


class Record:
    """What a scenario has under a name, as attributes; distributions drawn by."""

    def __init__(self, fields):
        for name, value in fields.items():
            if isinstance(value, dict):
                value = law(value)
            setattr(self, name, value)


def crowd(groups):
    """Returns a function that picks a group by the shares."""
    until, found = 0, []
    for g in groups:
        until += g["share"]
        found.append((until, Record(g)))
    last = found[-1][1]

    def pick():
        u = random()
        for until, group in found:
            if u < until:
                return group
        return last
    return pick


def half_up(x):
    return int(x + 0.5)


class Contract(Process):
    """One contract, from its offer to its end."""

    # What has been paid and lost so far, and what is in custody.
    client_pays = client_gets = worker_pays = worker_gets = agents_pay = agents_get = treasury_gets = 0
    fees = stake_slashed = backup_slashed = forfeited = 0
    escrow = stake = bond = backups = moment = 0
    disputed = spent = value = 0

    def live(self, s, custody):
        self.s, self.custody, self.founded = s, custody, now()
        worker, client = s.worker(), s.client()
        price = self.price = max(half_up(s.price() / s.step), 1) * s.step
        cost, worth = price * worker.cost(), price * s.value()
        self.lost = max(worth - cost, 0)
        self.client_pays = self.escrow = price
        self.change(price)

        accepted = s.match * s.matchTime() if random() < s.matches else s.match
        if accepted >= s.match / 2 and random() < client.cancels:
            yield hold, self, s.match / 2
            self.refund()
            return self.end("cancelled-by-client")
        if accepted >= s.match:
            yield hold, self, s.match
            self.refund()
            return self.end("cancelled-unmatched")
        yield hold, self, accepted

        self.worker_pays = self.stake = half_up(price * s.stake)
        self.change(self.stake)
        means = s.means(worker, price, self.stake, cost)
        spends = 0 if worker.absent or worker.rational and means != "deliver" else cost
        takes = (s.delivery - accepted) * worker.delivers()
        if means == "withdraw":
            worked = (s.withdrawal - accepted) * worker.withdrawsAt()
            if accepted + worked < s.withdrawal:
                yield hold, self, worked
                self.spent = spends * min(worked / takes, 1)
                slash = half_up(self.stake * s.withdrawSlash)
                self.refund()
                self.slash(slash, slash)
                return self.end("cancelled-withdrawn")
        if means == "vanish" or accepted + takes >= s.delivery:
            worked = s.delivery - accepted
            yield hold, self, worked
            self.spent = spends * min(worked / takes, 1)
            self.refund()
            self.slash(self.stake, half_up(self.stake * s.absentSlash))
            return self.end("cancelled-absent")
        yield hold, self, takes

        self.spent = spends
        truth = [MET if random() < worker.quality else NOT_MET for _ in range(s.criteria)]
        met = truth.count(MET)
        self.value = worth * met / s.criteria
        looks = s.review - accepted - takes
        reviews = looks if client.negligent else looks * client.reviews()
        if reviews >= looks:
            yield hold, self, looks
        else:
            yield hold, self, reviews
            if s.objects(client, price, self.stake, (met == s.criteria) != (random() < client.errs)):
                yield from self.dispute(truth)
                return
        self.pay(price)
        self.unstake()
        self.end("settled-fully-met")

    def dispute(self, truth):
        """The rest of a contract that the client disputes."""
        s, votes = self.s, []
        self.disputed = 1
        self.bond = half_up(self.price * s.disputeBond)
        self.client_pays += self.bond
        self.change(self.bond)
        drawing = s.window * s.drawTime()
        yield hold, self, min(drawing, s.window)
        if drawing < s.window:
            bonds, waited = half_up(self.price * s.backupBond) * s.criteria, 0
            for at, agent in s.summon():
                yield hold, self, at - waited
                waited = at
                self.agents_pay += bonds
                self.backups += bonds
                self.change(bonds)
                votes.append([s.vote(agent, t) for t in truth])
            if len(votes) < s.jury:
                yield hold, self, s.window - waited
        verdicts = s.tally(votes)
        s.results.right.observe(verdicts == truth, now())
        for said in votes:
            self.unbond(verdicts, said)
        self.end(self.settle(verdicts, s.quorum(votes)))

    def settle(self, verdicts, quorum):
        """Pays out by the verdicts on the criteria, and returns the ending."""
        s, met = self.s, verdicts.count(MET)
        earned = met + verdicts.count(UNCLEAR) * s.unclearCredit
        if earned == s.criteria and met == s.criteria and quorum:
            self.forfeited = self.bond
            if s.forfeitToWorker:
                self.worker_gets += self.bond
            else:
                self.treasury_gets += self.bond
        else:
            self.client_gets += self.bond
        if earned:
            self.pay(half_up(self.price * earned / s.criteria))
            self.unstake()
            return "settled-fully-met" if earned == s.criteria else "settled-partially-met"
        self.refund()
        if 2 * verdicts.count(NOT_MET) > s.criteria:
            self.slash(self.stake, half_up(self.stake * s.absentSlash))
        else:
            self.unstake()
        return "settled-none-met"

    def change(self, money):
        """Money enters custody, or leaves it where it is negative."""
        custody, moment = self.custody, money * now()
        self.moment += moment
        custody.moment += moment
        custody.level += money

    def refund(self):
        self.client_gets += self.escrow

    def pay(self, gross):
        """Pays so much of the price to the worker, less the fee."""
        fee = half_up(gross * self.s.fee)
        self.worker_gets += gross - fee
        self.treasury_gets += fee
        self.fees += fee
        self.client_gets += self.escrow - gross

    def unstake(self):
        self.worker_gets += self.stake

    def slash(self, money, to_client):
        """Takes money of the stake, some for the client, the rest for the treasury."""
        self.stake_slashed += money
        self.client_gets += to_client
        self.treasury_gets += money - to_client
        self.worker_gets += self.stake - money

    def unbond(self, verdicts, said):
        """Pays an agent's bonds back, less those that it loses by what it said."""
        bond = half_up(self.price * self.s.backupBond)
        lost = 0
        for verdict, vote in zip(verdicts, said):
            if verdict != UNCLEAR and vote != verdict:
                lost += half_up(bond * self.s.unclearSlash) if vote == UNCLEAR else bond
        self.agents_get += bond * len(said) - lost
        self.backup_slashed += lost
        if self.s.slashToTreasury:
            self.treasury_gets += lost
        else:
            self.client_gets += lost

    def end(self, ending):
        """Everything has been paid out: counts what the contract came to."""
        self.change(-self.escrow - self.stake - self.bond - self.backups)
        spent = self.spent
        worker = self.worker_gets - self.worker_pays
        days = -self.moment / DAY
        capital = days / 365 * self.s.capitalCost
        self.s.results.add(ending, now() - self.founded, (
            self.price, self.client_pays, self.client_gets, self.client_gets - self.client_pays,
            self.worker_pays, self.worker_gets, worker, worker - spent, self.agents_get - self.agents_pay,
            self.treasury_gets, self.fees, self.stake_slashed, self.bond, self.agents_pay, self.backup_slashed,
            self.forfeited, self.disputed, spent, self.value, self.lost + spent - self.value + capital, days, capital))


class Market(Process):
    """Where the contracts of a batch arrive."""

    def open(self, s, contracts, custody):
        at = 0
        for arrival in sorted(s.arrivals() * s.horizon for _ in range(contracts)):
            yield hold, self, arrival - at
            at = arrival
            c = Contract()
            activate(c, c.live(s, custody))


class Scenario(Record):
    """The scenario, and the rules that need no time."""

    def __init__(self, fields):
        groups = {name: crowd(fields.pop(name)) for name in ("workers", "clients", "agents")}
        super().__init__(fields)
        self.worker, self.client, self.agent = groups["workers"], groups["clients"], groups["agents"]

    def means(self, worker, price, stake, cost):
        """Returns what a worker means to do."""
        if worker.absent:
            return "vanish"
        if not worker.rational:
            return "withdraw" if random() < worker.withdraws else "deliver"
        delivering = worker.expects * (price - half_up(price * self.fee)) - (1 - worker.expects) * stake
        return "deliver" if cost <= delivering + half_up(stake * self.withdrawSlash) else "withdraw"

    def objects(self, client, price, stake, good):
        """Reports whether a client disputes what it finds good or bad."""
        if client.disputing:
            return True
        if not client.rational:
            return not good
        wins = 1 - client.trusts if good else client.trusts
        won, lost = half_up(stake * self.absentSlash), -price - half_up(price * self.disputeBond)
        return wins * won + (1 - wins) * lost > -price

    def summon(self):
        """Returns who votes, and how long after the draw, by time."""
        voters = []
        for _ in range(self.jury):
            agent = self.agent()
            at = self.window * agent.votesAt()
            if at < self.window and random() < agent.votes:
                voters.append((at, agent))
        voters.sort(key=lambda v: v[0])
        return voters

    def vote(self, agent, truth):
        """Returns how an agent judges a criterion."""
        if random() < agent.unclear:
            return UNCLEAR
        return truth if random() < agent.accuracy else 1 - truth

    def quorum(self, votes):
        return 2 * len(votes) > self.jury

    def tally(self, votes):
        """Returns the verdict on each criterion."""
        if not self.quorum(votes):
            return [MET if self.silenceApproves else UNCLEAR] * self.criteria
        return [next((v for v in (MET, NOT_MET) if 2 * said.count(v) > len(said)), UNCLEAR) for said in zip(*votes)]


def main():
    fields = json.load(sys.stdin)
    seed(fields.pop("seed"))
    contracts = fields.pop("contracts")
    s = Scenario(fields)
    began = time.perf_counter()
    initialize()
    s.results = Results(s.review + 2 * s.window)
    batches, horizon = [Custody() for _ in range(BATCHES)], Horizon()
    activate(horizon, horizon.watch(s.horizon, batches))
    for i, custody in enumerate(batches):
        market = Market()
        activate(market, market.open(s, len(range(i, contracts, BATCHES)), custody))
    simulate(until=float("inf"))
    found = s.results.report()
    found["levels"] = [custody.levels for custody in batches]
    found["seconds"] = time.perf_counter() - began
    json.dump(found, sys.stdout)


main()
