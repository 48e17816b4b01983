"""Names of months and of days of the week, folded, in English, French and Spanish."""

_MONTHS = """
    january jan janvier janv enero ene
    february feb fevrier fevr fev febrero
    march mar mars marzo
    april apr avril avr abril abr
    may mai mayo
    june jun juin junio
    july jul juillet juil julio
    august aug aout agosto ago
    september sept sep septembre septiembre setiembre set
    october oct octobre octubre
    november nov novembre noviembre
    december dec decembre diciembre dic
"""
#: Name → number of the month.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(_MONTHS.strip().splitlines(), 1)
    for name in names.split()
}

_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday
    mon tue tues wed thu thur thurs fri sat sun
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miercoles jueves viernes sabado domingo mie jue vie sab
"""
_IDLE = "the of on at le a de del el las h er o st nd rd th"
#: Words that add nothing to a day: days of the week, `18 de marzo`, `1er`, `18th`, `at`.
IDLE = frozenset(_WEEKDAYS.split()) | frozenset(_IDLE.split())
#: March, and in French and Spanish Tuesday as well.
TUESDAY = "mar"
