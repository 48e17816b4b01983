"""A small demo, loaded as the command line does it."""

import datetime as dt

from irm.demo import brand, loading
from irm.demo.diary import Team

TODAY = dt.date(2026, 3, 2)


def load(session, influencers=150, seed=7, day=TODAY):
    made, users = brand.begin(session, "correct horse battery", day)
    team = Team(made.id, *(user.id for user in users))
    for _done in loading.load(session, team, influencers=influencers, seed=seed, today=day):
        session.commit()
    loading.count(session, team)
    session.commit()
    return team
