"""What the demo's people publish about: themes, what each speaks of, and the words for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme in one language: what is spoken of, what is said of it, how it is tagged.

    `{thing}` in a line stands for one of `things`.
    """

    things: tuple[str, ...]
    lines: tuple[str, ...]
    tags: tuple[str, ...]


#: The themes our brand cares about, in the order of its topics, then others.
OURS = ("fire", "trail", "wild", "market", "repair", "family")
OTHERS = ("books", "home", "sport", "games", "music")

ENGLISH = {
    "fire": Theme(
        (
            "flatbread straight on the coals",
            "a dutch oven stew",
            "smoked trout on a cedar plank",
            "cast iron cornbread",
            "charred leeks with romesco",
            "apple crumble over the campfire",
            "slow beans in the embers",
        ),
        (
            "Made {thing} last night and nobody spoke for ten minutes.",
            "Three mistakes I made with {thing}, so you don't have to.",
            "One pan, one fire, no fuss: {thing}. Recipe below.",
            "If you only cook one thing outside this month, make it {thing}.",
            "My neighbours now know exactly when I am doing {thing}.",
            "Outdoor cooking in the rain is a personality test. I passed, thanks to {thing}.",
            "How I look after my cast iron: salt, hot water, a rag and some patience.",
            "The campfire was too hot, the beans were perfect anyway.",
            "Camp stove or open fire for {thing}? Tell me which side you are on.",
        ),
        ("outdoorcooking", "campfire", "castiron", "dutchoven"),
    ),
    "trail": Theme(
        (
            "the ridge path above the loch",
            "two nights of bivouac on the moor",
            "the old drovers' trail",
            "a sunrise summit with cold tea",
            "the coast path in sideways rain",
            "eleven miles and one very long stile",
        ),
        (
            "Back from {thing}. Legs: gone. Mood: excellent.",
            "Packing list for {thing}, with the weight of every single thing.",
            "What nobody tells you about {thing}: bring a second pair of socks.",
            "I had {thing} all to myself this morning.",
            "A short hike is still a hike. Today it was {thing}.",
            "Save this trail for a clear day: {thing}.",
            "We turned back below the summit, and it was the right call.",
            "Slept above the clouds. My bivouac spot stays secret, the porridge recipe does not.",
        ),
        ("hiking", "bivouac", "wildplaces", "trail"),
    ),
    "wild": Theme(
        (
            "wild garlic pesto",
            "hedgerow jelly",
            "nettle soup",
            "chanterelles on toast",
            "elderflower cordial",
            "pickled ash keys",
        ),
        (
            "Foraging basics: how to pick for {thing} and leave plenty behind.",
            "Found enough in an hour for {thing} and a very full basket.",
            "Please learn the lookalikes before you try {thing}. Here is how I tell them apart.",
            "The season for {thing} lasts about two weeks. We are in it.",
            "My grandmother's way with {thing}, written down at last.",
            "Mushrooms are out early this year, and so am I.",
            "A walk, a pocket knife, supper: {thing}.",
        ),
        ("foraging", "wildfood", "wildgarlic", "mushrooms"),
    ),
    "market": Theme(
        (
            "the first asparagus",
            "a whole crate of ugly tomatoes",
            "rhubarb from the farmers market",
            "squash in every colour",
            "our vegetable garden in June",
            "potatoes I dug up myself",
        ),
        (
            "I came home with {thing} and no plan. Here is what happened.",
            "Seasonal does not mean dull: five quick suppers around {thing}.",
            "Talked to the grower about {thing}. I shall never grumble at the price again.",
            "Week 24 in the vegetable garden: {thing}, and the slugs are winning.",
            "What is seasonal right now where you live? Here it is {thing}.",
            "A small love letter to the farmers market, and to {thing}.",
            "Nothing wasted: {thing}, from peel to broth.",
        ),
        ("seasonal", "farmersmarket", "vegetablegarden", "growyourown"),
    ),
    "repair": Theme(
        (
            "a knife older than me",
            "the zip of my rucksack",
            "a second hand enamel pot",
            "my leaking rain jacket",
            "an axe handle out of ash",
            "the stove everyone told me to throw away",
        ),
        (
            "Do not bin it yet: how to repair {thing} in an evening.",
            "Four pounds at a second hand stall, two hours of work: {thing} lives again.",
            "Zero waste is a direction, not a score. This week: {thing}.",
            "I timed it. To repair {thing} took less than ordering a new one.",
            "Ask me anything about {thing}. I have made every mistake already.",
            "Things that last, part nine: {thing}.",
        ),
        ("repair", "secondhand", "zerowaste", "madetolast"),
    ),
    "family": Theme(
        (
            "our first camping weekend with a toddler",
            "pancakes outside the tent",
            "a treasure hunt in the woods",
            "stars, cocoa and far too late a bedtime",
            "the den they built behind the tent",
            "teaching a six-year-old to light a fire",
        ),
        (
            "Survived and loved: {thing}.",
            "Camping with kids, the honest version: {thing}.",
            "They will forget the tablet, they will not forget {thing}.",
            "Our checklist for {thing} is pinned. You are welcome.",
            "Plan A was the beach. Plan B was {thing}. Plan B won.",
            "Small hands, big knife, lots of supervision: {thing}.",
        ),
        ("camping", "withkids", "outdoorfamily", "tentlife"),
    ),
    "books": Theme(
        ("a slow novel", "my autumn reading pile", "a biography I could not put down", "poems"),
        (
            "Finished {thing} at two in the morning. No regrets.",
            "Three books I gave up on, and one I did not: {thing}.",
            "Book club is back, and we begin with {thing}.",
            "Reading {thing} on the train, missed my stop.",
        ),
        ("bookclub", "reading", "currentlyreading"),
    ),
    "home": Theme(
        ("the hallway", "a north-facing kitchen", "the tiniest bathroom", "lime plaster"),
        (
            "Before and after: {thing}.",
            "We spent nothing but paint on {thing}.",
            "Everything that went wrong with {thing}, in order.",
            "Light, plants, a good chair. That is all I wanted for {thing}.",
        ),
        ("interiors", "beforeandafter", "smallspaces"),
    ),
    "sport": Theme(
        ("a half marathon", "winter swimming", "twenty minutes of core", "a rest week"),
        (
            "What {thing} taught me about being patient.",
            "Training diary: {thing}, and my knees have opinions.",
            "You do not need kit for {thing}. You need a friend who shows up.",
            "New personal best, thanks to {thing}.",
        ),
        ("running", "training", "wellbeing"),
    ),
    "games": Theme(
        ("a co-op puzzle game", "speedrunning", "our Friday stream", "a farming sim"),
        (
            "We lost four hours to {thing}.",
            "Hot take: {thing} is better with the sound off.",
            "Clips from {thing} are up. The last one is not my fault.",
            "Beginner's guide to {thing}, part two.",
        ),
        ("gaming", "stream", "indiegames"),
    ),
    "music": Theme(
        ("a tape of demos", "the back-room session", "fiddle practice", "a four-track loop"),
        (
            "Recorded {thing} in one take, creaks included.",
            "New video: {thing}.",
            "Tour diary: {thing}, and the van started.",
            "If you like {thing}, there is more on Sunday.",
        ),
        ("livemusic", "session", "newsong"),
    ),
}

FRENCH = {
    "fire": Theme(
        (
            "le pain cuit sous la braise",
            "la potée à la cocotte en fonte",
            "la truite fumée au bois de hêtre",
            "les poireaux grillés à la flamme",
            "la tarte aux pommes au feu de camp",
            "les haricots mijotés toute la nuit",
            "le gratin au four de campagne",
        ),
        (
            "Hier soir : {thing}. Dix minutes de silence à table, bon signe.",
            "Trois erreurs que j'ai faites avec {thing}, pour que vous les évitiez.",
            "Une poêle, un feu, rien de plus : {thing}. La recette est en dessous.",
            "S'il ne fallait faire qu'une chose dehors ce mois-ci : {thing}.",
            "Les voisins savent maintenant reconnaître {thing} à l'odeur.",
            "La cuisine en plein air sous la pluie, c'est un test de caractère. Réussi.",
            "Comment j'entretiens ma fonte : gros sel, eau chaude, un chiffon et de la patience.",
            "Le feu de camp était trop vif, mais {thing}, impeccable quand même.",
            "Réchaud ou feu de bois pour {thing} ? Choisissez votre camp.",
        ),
        ("cuisineenpleinair", "feudecamp", "fonte", "braise"),
    ),
    "trail": Theme(
        (
            "la boucle des trois cols",
            "deux nuits de bivouac sur le plateau",
            "le sentier des crêtes au lever du jour",
            "un sommet tout seul, thermos de thé froid",
            "la traversée du vallon sous la grêle",
            "dix-huit kilomètres et un âne têtu",
        ),
        (
            "Retour de rando : {thing}. Les jambes, non ; le moral, oui.",
            "Mon sac pour {thing}, pesé objet par objet.",
            "Ce que personne ne dit sur {thing} : prenez une deuxième paire de chaussettes.",
            "Ce matin, {thing}, et pas un bruit.",
            "Une petite randonnée reste une randonnée. Aujourd'hui : {thing}.",
            "Gardez ce sentier pour un jour clair : {thing}.",
            "Demi-tour sous le sommet, et c'était la bonne décision.",
            "Dormi au-dessus des nuages. Le coin de bivouac reste secret, pas le petit-déjeuner.",
        ),
        ("randonnee", "bivouac", "sentier", "montagne"),
    ),
    "wild": Theme(
        (
            "le pesto d'ail des ours",
            "la gelée de mûres",
            "la soupe d'orties",
            "les girolles sur du pain grillé",
            "le sirop de sureau",
            "les châtaignes au four",
        ),
        (
            "Cueillette, les bases : ramasser pour {thing} et en laisser beaucoup.",
            "Une heure de marche et de quoi faire {thing}. Le panier déborde.",
            "Apprenez d'abord à reconnaître les sosies. Ensuite seulement, {thing}.",
            "La saison pour {thing} dure deux semaines. On y est.",
            "La façon de ma grand-mère pour {thing}, enfin par écrit.",
            "Les champignons sortent tôt cette année, moi aussi.",
            "Une balade, un canif, le dîner : {thing}.",
        ),
        ("cueillette", "plantessauvages", "aildesours", "champignons"),
    ),
    "market": Theme(
        (
            "les premières asperges",
            "une cagette de tomates biscornues",
            "la rhubarbe du producteur d'à côté",
            "des courges de toutes les couleurs",
            "le potager au mois de juin",
            "les pommes de terre que j'ai arrachées",
        ),
        (
            "Revenu du marché avec {thing} et aucune idée. Voilà la suite.",
            "De saison ne veut pas dire triste : cinq dîners rapides avec {thing}.",
            "Une heure à parler avec la maraîchère : {thing}, je ne discuterai plus le prix.",
            "Semaine 24 au potager : {thing}, et les limaces mènent.",
            "Qu'est-ce qui est de saison chez vous ? Ici, {thing}.",
            "Petite déclaration d'amour au marché du samedi. Et {thing}, évidemment.",
            "Rien ne se perd : {thing}, de l'épluchure au bouillon.",
        ),
        ("desaison", "marche", "potager", "circuitcourt"),
    ),
    "repair": Theme(
        (
            "un couteau plus vieux que moi",
            "la fermeture de mon sac à dos",
            "une marmite émaillée de seconde main",
            "ma veste qui prend l'eau",
            "un manche de hache en frêne",
            "le réchaud que tout le monde voulait jeter",
        ),
        (
            "Ne jetez pas tout de suite : réparer {thing} en une soirée, c'est possible.",
            "Quatre euros en seconde main, deux heures de travail : {thing}, comme neuf.",
            "Le zéro déchet, c'est une direction, pas une note. Cette semaine : {thing}.",
            "J'ai chronométré : réparer {thing}, plus rapide que d'en commander un neuf.",
            "Posez-moi vos questions sur {thing}. J'ai déjà fait toutes les bêtises.",
            "Les choses qui durent, épisode neuf : {thing}.",
        ),
        ("reparer", "secondemain", "zerodechet", "quidure"),
    ),
    "family": Theme(
        (
            "notre premier camping avec un tout-petit",
            "les crêpes devant la tente",
            "une chasse au trésor dans les bois",
            "les étoiles, le chocolat chaud et un coucher trop tardif",
            "la cabane derrière la tente",
            "allumer un feu avec une enfant de six ans",
        ),
        (
            "On a survécu, on a adoré : {thing}.",
            "Le camping en famille, version honnête : {thing}.",
            "Ils oublieront la tablette, pas {thing}.",
            "Notre liste pour {thing} est épinglée. De rien.",
            "Le plan A, c'était la plage. Le plan B : {thing}. Le B a gagné.",
            "Petites mains, vrai couteau, beaucoup de surveillance : {thing}.",
        ),
        ("camping", "enfamille", "dehors", "tente"),
    ),
    "books": Theme(
        ("un roman lent", "ma pile d'automne", "une biographie impossible à lâcher", "des poèmes"),
        (
            "Terminé à deux heures du matin : {thing}. Aucun regret.",
            "Trois livres abandonnés, un gardé : {thing}.",
            "Le club de lecture reprend, et on commence avec {thing}.",
            "Dans le train avec {thing}, j'ai raté ma gare.",
        ),
        ("lecture", "clubdelecture", "jelis"),
    ),
    "home": Theme(
        ("l'entrée", "une cuisine au nord", "la plus petite salle de bains", "l'enduit à la chaux"),
        (
            "Avant, après : {thing}.",
            "Un pot de peinture, rien d'autre : {thing}, méconnaissable.",
            "Tout ce qui a raté dans l'ordre : {thing}.",
            "De la lumière, des plantes, un bon fauteuil : {thing}, enfin comme je voulais.",
        ),
        ("deco", "avantapres", "petitsespaces"),
    ),
    "sport": Theme(
        ("un semi-marathon", "la nage en eau froide", "vingt minutes de gainage", "le repos"),
        (
            "Ce que m'apprend {thing} : la patience.",
            "Carnet d'entraînement : {thing}, et mes genoux ont leur avis.",
            "Pas besoin de matériel pour {thing}. Juste quelqu'un qui vient.",
            "Nouveau record, merci qui ? {thing}.",
        ),
        ("courseapied", "entrainement", "bienetre"),
    ),
    "games": Theme(
        ("un jeu de réflexion à deux", "le speedrun", "notre live du vendredi", "un jeu de ferme"),
        (
            "Quatre heures de perdues : {thing}.",
            "Avis tranché : {thing}, c'est mieux sans le son.",
            "Les extraits sont en ligne : {thing}. Le dernier n'est pas de ma faute.",
            "Bien débuter, partie deux : {thing}.",
        ),
        ("jeuxvideo", "live", "jeuxindes"),
    ),
    "music": Theme(
        (
            "une cassette de maquettes",
            "la session du fond",
            "le violon",
            "une boucle à quatre pistes",
        ),
        (
            "Une seule prise, grincements compris : {thing}.",
            "Nouvelle vidéo : {thing}.",
            "Carnet de tournée : {thing}, et le camion a démarré.",
            "Si vous aimez {thing}, la suite dimanche.",
        ),
        ("concert", "session", "nouveautitre"),
    ),
}

THEMES = {"en": ENGLISH, "fr": FRENCH}
