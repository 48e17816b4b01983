"""The links of a mail, and what a browser does with the pages they open."""

import datetime as dt
import re
from types import SimpleNamespace

from irm.mail import signed
from irm.models import Touchpoint

TODAY = dt.datetime.now(dt.UTC).date()
DAY = dt.timedelta(days=1)


def link_of(app, user, touchpoint, days=0):
    row = SimpleNamespace(
        id=touchpoint.id,
        due_on=touchpoint.due_on,
        influencer_id=touchpoint.relationship.influencer_id,
    )
    with app.app_context():
        address = signed.act_address(user, row, TODAY - days * DAY)
    return "/" + address.split("/", 3)[3]


def press(client, address, button="", follow=True):
    """Press the button of a page as a browser does: with what its form holds."""
    page = client.get(address).text
    form = next(
        one
        for one in re.findall(r"<form.*?</form>", page, re.DOTALL)
        if button in re.sub(r"<[^>]+>", "", one)
    )
    action = re.search(r'action="([^"]+)"', form)[1]
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return SimpleNamespace(
        action=action,
        values=values,
        post=lambda **more: client.post(action, data=values | more, follow_redirects=follow),
    )


def reread(session, touchpoint):
    session.expire_all()
    return session.get(Touchpoint, touchpoint.id)


def buttons(page):
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall("<button.*?</button>", page)]
