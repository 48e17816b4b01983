"""The statements of the bare reference: SQLite, as one would write them by hand."""

_LISTED = "i.known AND i.archived_at IS NULL AND i.merged_into_id IS NULL"

ORDERS = {"fit": "r.fit_order", "resonance": "r.resonance_order", "name": "r.name_order"}

LIST = f"""
    SELECT i.id, i.name,
           (SELECT a.platform || ' · ' || a.handle FROM accounts a
             WHERE a.influencer_id = i.id AND a.is_current
             ORDER BY coalesce(a.followers, -1) DESC, a.id LIMIT 1),
           r.stage, i.tier, r.fit, i.reach, i.resonance, r.relevance, i.audience,
           r.last_contact_at, r.next_touchpoint_on, u.name
      FROM relationships r
      JOIN influencers i ON i.id = r.influencer_id
      LEFT JOIN users u ON u.id = r.owner_id
     WHERE r.brand_id = ? AND {_LISTED} {{where}}
     ORDER BY {{order}}, r.id LIMIT 50
"""

FOUND = """
    AND r.influencer_id IN (
        SELECT e.influencer_id FROM search_index s JOIN search_entries e ON e.id = s.rowid
         WHERE s.text MATCH ? AND (e.brand_id IS NULL OR e.brand_id = ?))
"""

COUNTERS = """
    SELECT stage, sum(people), sum(audience) FROM stage_counters WHERE brand_id = ? GROUP BY stage
"""

GROUPED = """
    SELECT r.stage, count(*), sum(i.audience)
      FROM relationships r JOIN influencers i ON i.id = r.influencer_id
     WHERE r.brand_id = ? GROUP BY r.stage
"""

CARDS = f"""
    SELECT r.id, i.id, i.name, i.tier, i.reach, i.resonance, r.relevance, r.stage_since,
           r.last_contact_at, r.next_touchpoint_on, u.name, r.row_version, r.earned_stage,
           r.gives_since_ask, r.paused_until
      FROM relationships r
      JOIN influencers i ON i.id = r.influencer_id
      LEFT JOIN users u ON u.id = r.owner_id
     WHERE r.brand_id = ? AND {{at}} IS ? AND {_LISTED} {{where}}
     ORDER BY {{order}} LIMIT ?
"""

#: The board's own order.
PLANNED = "r.next_order, r.fit_order, r.id"

#: Nobody is an owner, too: 0 where people are counted, null where they are.
OWNERS = """
    SELECT c.owner_id, sum(c.people), sum(c.audience), u.name
      FROM stage_counters c LEFT JOIN users u ON u.id = c.owner_id
     WHERE c.brand_id = ? GROUP BY c.owner_id ORDER BY u.name
"""

_RESONANT = f"""
      FROM relationships r JOIN influencers i ON i.id = r.influencer_id
     WHERE r.brand_id = ? AND r.stage = ? AND {_LISTED} AND i.resonance >= ?
"""

#: Up to so many are counted of a column: how many, how large, how many late or long at the stage.
FILTERED = f"""
    SELECT count(*), sum(audience), sum(late), sum(old)
      FROM (SELECT i.audience, r.next_order < ? AS late,
                   r.stage_since < ? AND (r.next_order < ? OR r.next_order = '9999-12-31')
                   AND r.paused_until IS NULL AS old
            {_RESONANT} LIMIT 10001)
"""

MIDDLE = f"SELECT r.stage_since {_RESONANT} ORDER BY r.stage_since LIMIT 1 OFFSET ?"

BELOW = " AND (r.next_order, r.fit_order, r.id) > (?, ?, ?)"

STANDS = """
    SELECT r.stage, i.tier, r.owner_id, i.audience
      FROM relationships r JOIN influencers i ON i.id = r.influencer_id WHERE r.id = ?
"""

MOVE = """
    UPDATE relationships SET stage = ?, stage_since = ?, row_version = row_version + 1
     WHERE id = ?
"""

MOVED = """
    INSERT INTO stage_moves (relationship_id, brand_id, from_stage, to_stage, at)
    VALUES (?, ?, ?, ?, ?)
"""

COUNT = """
    UPDATE stage_counters SET people = people + ?, audience = audience + ?
     WHERE brand_id = ? AND stage = ? AND tier = ? AND owner_id = ?
"""

PERSON = """
    SELECT r.id, i.name, i.tier, i.audience, i.archetype, i.city, i.country, i.bio, r.stage,
           r.stage_since, u.name, r.last_contact_at, r.next_touchpoint_on, r.gives_since_ask,
           i.reach, i.resonance, r.relevance, r.fit
      FROM influencers i
      JOIN relationships r ON r.influencer_id = i.id
      LEFT JOIN users u ON u.id = r.owner_id
     WHERE i.id = ? AND r.brand_id = ?
"""

ACCOUNTS = """
    SELECT platform, handle, url, followers FROM accounts
     WHERE influencer_id = ? AND is_current ORDER BY followers DESC, id
"""

SCORES = """
    SELECT s.kind, s.value, s.reasons FROM scores s
     WHERE s.influencer_id = ?1 AND s.relationship_id IS NULL
     UNION ALL
    SELECT s.kind, s.value, s.reasons FROM scores s
      JOIN relationships r ON r.id = s.relationship_id WHERE r.influencer_id = ?1
"""

OPEN = """
    SELECT t.due_on, t.kind, t.purpose, t.why, u.name
      FROM touchpoints t LEFT JOIN users u ON u.id = t.owner_id
     WHERE t.relationship_id = ? AND t.state = 'open' ORDER BY t.due_on, t.id LIMIT 20
"""

TIMELINE = """
    SELECT e.what, e.at, e.code, e.detail, e.text, u.name FROM (
        SELECT 'interaction' AS what, happened_at AS at, kind AS code, direction AS detail,
               summary AS text, author_id AS by_id
          FROM interactions WHERE relationship_id = ?
         UNION ALL
        SELECT 'move', at, to_stage, from_stage, reason, user_id
          FROM stage_moves WHERE relationship_id = ?
         UNION ALL
        SELECT 'touchpoint', closed_at, state, due_on, purpose, closed_by_id
          FROM touchpoints WHERE relationship_id = ? AND state <> 'open') e
      LEFT JOIN users u ON u.id = e.by_id
     ORDER BY e.at DESC LIMIT 50
"""

LOG = """
    INSERT INTO interactions (relationship_id, happened_at, kind, direction, channel, summary,
                              visibility, is_breach, created_at, row_version)
    VALUES (?, ?, 'give', 'out', 'message', ?, 'team', 0, ?, 1)
"""

#: Their newest exchange that a lead may read.
_LAST = """
    LEFT JOIN interactions n ON n.id = (
        SELECT x.id FROM interactions x WHERE x.relationship_id = r.id
         ORDER BY x.happened_at DESC, x.id DESC LIMIT 1)
"""

#: What is due of a colleague between two days, the first fifty and one.
DUE = f"""
    SELECT t.id, i.id, i.name, r.stage, t.due_on, t.kind, t.purpose, t.tactic, t.why,
           t.row_version, r.last_contact_at, n.happened_at, n.kind, n.summary
      FROM touchpoints t
      JOIN relationships r ON r.id = t.relationship_id
      JOIN influencers i ON i.id = r.influencer_id {_LAST}
     WHERE t.owner_id = ? AND t.state = 'open' AND t.due_on BETWEEN ? AND ? AND r.brand_id = ?
       AND {_LISTED} AND (r.paused_until IS NULL OR r.paused_until < ?)
     ORDER BY t.due_on, t.id LIMIT 51
"""

#: Whom she has nothing planned with.
UNPLANNED = f"""
    SELECT NULL, i.id, i.name, r.stage, NULL, NULL, NULL, NULL, NULL,
           NULL, r.last_contact_at, n.happened_at, n.kind, n.summary
      FROM relationships r
      JOIN influencers i ON i.id = r.influencer_id {_LAST}
     WHERE r.brand_id = ? AND r.owner_id = ? AND r.next_order = '9999-12-31' AND {_LISTED}
       AND (r.paused_until IS NULL OR r.paused_until < ?) AND r.unanswered < 3
     ORDER BY r.fit_order, r.id LIMIT 21
"""

PROMISED = f"""
    SELECT p.id, i.id, i.name, r.stage, p.due_on, p.promiser, p.what, p.row_version
      FROM promises p JOIN relationships r ON r.id = p.relationship_id
      JOIN influencers i ON i.id = r.influencer_id
     WHERE p.owner_id = ? AND p.state = 'open' AND p.due_on <= ? AND r.brand_id = ? AND {_LISTED}
     ORDER BY p.due_on, p.id LIMIT 21
"""

ASKED = f"""
    SELECT q.id, i.id, i.name, r.stage, q.answer_by, '', q.text, q.row_version
      FROM questions q JOIN relationships r ON r.id = q.relationship_id
      JOIN influencers i ON i.id = r.influencer_id
     WHERE q.owner_id = ? AND q.state = 'open' AND r.brand_id = ? AND {_LISTED}
     ORDER BY q.answer_by, q.id LIMIT 21
"""
