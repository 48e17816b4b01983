"""Who the demo's people say they are."""

#: By language and theme; `{city}` is where they live.
BIOS = {
    "en": {
        "fire": (
            "Cooking over fire in {city}. Cast iron, smoke, second helpings.",
            "Outdoor cooking for people with small gardens. {city}.",
            "I burn things on purpose. Campfire recipes every Thursday.",
        ),
        "trail": (
            "Slow miles and bivouac breakfasts. Based in {city}.",
            "Hiking with a bad knee and a good flask. {city}.",
        ),
        "wild": (
            "Forager and field teacher near {city}. Leave more than you take.",
            "Mushrooms, hedgerow jam and the odd nettle sting.",
        ),
        "market": (
            "Eating with the season in {city}. Vegetable garden diary on Sundays.",
            "Growers, stalls, suppers. {city} farmers market regular.",
        ),
        "repair": (
            "I repair what you were about to throw away. Workshop in {city}.",
            "Second hand, zero waste, mostly glue. {city}.",
        ),
        "family": (
            "Two kids, one tent, no plan. Camping from {city}.",
            "Getting my lot outdoors, whatever the weather over {city}.",
        ),
        "books": ("Reader, borrower, under-liner. {city}.",),
        "home": ("An old house in {city} and the people fixing it.",),
        "sport": ("Runs before breakfast in {city}. Coach on Tuesdays.",),
        "games": ("Cosy streams from {city}, three nights a week.",),
        "music": ("Songs from a back room in {city}.",),
    },
    "fr": {
        "fire": (
            "Cuisine au feu de bois, à {city}. Fonte, fumée, et on se ressert.",
            "La cuisine en plein air, même avec un petit jardin. {city}.",
            "Je brûle des choses exprès. Une recette de feu de camp chaque jeudi.",
        ),
        "trail": (
            "Marcher lentement, petit-déjeuner au bivouac. {city}.",
            "Randonnée, un genou fragile et un bon thermos. Départ : {city}.",
        ),
        "wild": (
            "Cueillette et sorties nature près de {city}. On en laisse toujours.",
            "Champignons, confitures de haie et quelques piqûres d'orties.",
        ),
        "market": (
            "Manger de saison à {city}. Le journal du potager, le dimanche.",
            "Maraîchers, étals, dîners. Au marché de {city} chaque samedi.",
        ),
        "repair": (
            "Je répare ce que vous alliez jeter. Atelier à {city}.",
            "Seconde main, zéro déchet, beaucoup de colle. {city}.",
        ),
        "family": (
            "Deux enfants, une tente, aucun plan. Camping au départ de {city}.",
            "Dehors en famille, quel que soit le ciel de {city}.",
        ),
        "books": ("Lire, prêter, souligner. {city}.",),
        "home": ("Une vieille maison à {city} et ceux qui la retapent.",),
        "sport": ("Je cours avant le petit-déjeuner. Coach le mardi. {city}.",),
        "games": ("Lives tranquilles depuis {city}, trois soirs par semaine.",),
        "music": ("Des chansons depuis une pièce du fond, à {city}.",),
    },
}

#: Country, time zone and cities, with how many in a hundred live there; by language.
PLACES = {
    "en": (
        (("United Kingdom", "Europe/London", "Leeds Bristol Sheffield Kendal Exeter Cardiff"), 68),
        (("Ireland", "Europe/Dublin", "Cork Galway Dublin Sligo"), 16),
        (("Canada", "America/Toronto", "Halifax Ottawa Kingston"), 16),
    ),
    "fr": (
        (("France", "Europe/Paris", "Lyon Grenoble Nantes Annecy Rennes Pau Clermont Die"), 72),
        (("Belgium", "Europe/Brussels", "Namur Liège Bruxelles Dinant"), 14),
        (("Switzerland", "Europe/Zurich", "Lausanne Sion Fribourg"), 8),
        (("Canada", "America/Toronto", "Québec Gatineau Sherbrooke"), 6),
    ),
}
