"""The words a painter knows. To teach it another place or thing, add its word here."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> dict[str, frozenset[str]]:
    """``name: word word …`` a line; a line that names nothing goes on with the one before."""
    table: dict[str, frozenset[str]] = {}
    name = ""
    for line in text.strip().splitlines():
        head, colon, rest = line.strip().partition(":")
        name, words = (head, rest) if colon else (name, head)
        table[name] = table.get(name, frozenset()) | _words(words)
    return table


#: Where it happens.
PLACES = _table(
    """
    room: room rooms chamber kitchen hall corridor library study parlour parlor bedroom cabin cell
        attic cellar inn tavern office inside interior indoors laboratory workshop desk bed
        ceiling fireplace hearth table hallway stairs staircase nursery shop dining drawing-room
        cottage wall doorway carriage compartment
    sea: sea ocean harbour harbor ship ships deck beach shore coast wave waves lighthouse boat
        boats sail sails island bay pier dock quay tide surf raft cove
    forest: forest wood woods trees tree pine pines jungle grove clearing glade thicket branches
        oak undergrowth
    city: street streets city roof roofs rooftop rooftops town alley square chimney chimneys
        london paris lane market houses cobbles gaslight pavement quarter suburb terrace village
        station
    mountain: mountain mountains pass peak peaks cliff cliffs castle ravine valley summit crag
        glacier gorge
    field: field fields moor heath meadow road hill hills plain desert path garden graveyard
        churchyard grass common lawn dunes crater sand pit farm countryside orchard
    river: river lake bridge stream riverbank marsh canal pond thames swamp ford
    """
)

#: What light there is.
TIMES = _table(
    """
    night: night midnight moon moonlight moonlit stars starlight nocturnal darkness
    dawn: dawn sunrise daybreak morning
    dusk: dusk sunset evening twilight nightfall
    day: day noon afternoon daylight sunny midday sunlight
    """
)

#: What falls or drifts.
WEATHERS = _table(
    """
    rain: rain rainy raining storm stormy thunder drizzle downpour lightning
    fog: fog foggy mist misty haze smoke steam
    snow: snow snowy snowing blizzard frost winter
    """
)

#: Things that can be drawn.
PROPS = _table(
    """
    window: window windows casement pane
    door: door doors doorway gate
    tree: tree oak willow
    candle: candle candles candlelight candlelit lamp lantern torch gaslight lamplight
    fire: fire hearth fireplace campfire flames
    table: table desk
    book: book books diary journal notebook
    letter: letter note envelope telegram paper map
    boat: boat boats ship ships sail schooner raft steamer
    tower: tower castle lighthouse spire church steeple abbey
    bird: bird birds gull gulls crow crows raven ravens bat bats
    clock: clock watch
    bed: bed bedside
    stairs: stairs staircase steps
    bridge: bridge
    grave: grave graves graveyard churchyard tombstone tomb
    mirror: mirror looking-glass portrait
    chair: chair armchair
    machine: machine tripod engine cylinder contraption
    telescope: telescope observatory
    """
)

#: Somebody without a name.
PEOPLE = _words(
    """
    man woman boy girl child figure captain sailor doctor soldier lady gentleman stranger professor
    priest maid driver traveller count king queen old-man father mother widow detective keeper curate
    """
)

#: Before a name, not a name.
TITLES = _words(
    """
    Aunt Captain Count Doctor Dr Inspector Lady Lord Madame Miss Mr Mrs Ms Professor Sir Uncle
    """
)

#: Written with a capital without being anybody.
NOT_NAMES = _words(
    """
    Somebody Nobody Someone Everyone Everybody Something Nothing Everything Another Both Together Behind Far Near
    A Above After All An And Angle As Aspect At Background Before Behind Below Black Blue But By Camera
    Caption Cast Chapter Character Characters Close Closeup Cold Color Colour Comic Composition
    Consistent Create Dark Dawn Day Deep Detail Draw Dusk Each Earth Edwardian English Establishing
    European Evening Every Exterior Five Fog For Foreground Format Four Framing French From Generate
    German Gothic Graphic Gray Green Grey He Her High His How I If Image In Ink Inside Interior Into It
    Its Keep Lettering Light Lighting Limited Long Looks Low Make Mars Medium Midnight Mood Moon Morning
    Muted Near Night No Noir Not Novel Now Of On One Only Or Outside Over Page Paint Pale Palette Panel
    Photo Picture Place Portrait Rain Red Same Scene Setting She Shot Shown Snow Soft Some Splash Style
    Sun Text That The Their Then There These They This Those Three Through To Two Under Use Victorian
    View Warm Watercolor Watercolour We Wearing What When Where While White Who Why Wide With Without
    You
    """
)

#: What follows one of these with a capital is a place.
BEFORE_A_PLACE = _words(
    """
    a across an at from in into near over the through to toward towards upon
    """
)

#: Said of somebody, they tell who wears a skirt.
WOMAN = _words("woman girl lady mrs miss madame aunt she her dress gown wife sister mother widow maid queen")
MAN = _words(
    """
    man boy gentleman mr sir lord uncle bearded detective sailor soldier professor curate traveller count he
    his brother father captain king priest
    """
)

#: Patterns; the one found first in a prompt wins.
LOOKS = {
    "noir": r"noir|high[- ]contrast|black[- ]and[- ]white|chiaroscuro",
    "ink": r"ink|sumi|brush ?work|pen|engraving|etching|charcoal|monochrome",
    "watercolour": r"watercolou?r|gouache|pastel|aquarelle|painterly",
}
SHOTS = {
    "close": r"(extreme )?close[- ]?ups?|close on|portrait|detail of|tight on|\binsert\b|macro",
    "wide": r"wide|establishing|long shot|panorama|panoramic|splash|vista|aerial",
}
CROWD = r"\b(crowd|people|crew|soldiers|men|women|villagers|passengers|mob|onlookers|children)\b"
GARMENT = r"(?:coat|dress|cloak|cape|jacket|gown|shirt|suit|uniform|robe|apron|frock|overcoat|jersey|shawl|tweed)"

#: RGB of the colours a coat or hair may have.
COLOURS = {
    "red": (168, 58, 46), "crimson": (150, 32, 44), "scarlet": (186, 48, 40), "green": (62, 98, 70),
    "blue": (58, 84, 134), "navy": (38, 50, 84), "grey": (122, 122, 124), "gray": (122, 122, 124),
    "black": (44, 42, 48), "white": (232, 226, 214), "brown": (104, 74, 52), "yellow": (206, 166, 70),
    "ochre": (190, 140, 66), "purple": (96, 66, 116), "violet": (106, 76, 132), "tan": (176, 142, 102),
    "orange": (200, 112, 56), "gold": (198, 158, 72), "golden": (198, 158, 72),
    "silver": (172, 174, 180), "teal": (48, 104, 108), "dark": (58, 48, 46), "fair": (202, 170, 112),
    "blonde": (208, 176, 112), "blond": (208, 176, 112), "auburn": (134, 66, 42),
    "pale": (222, 208, 192), "ginger": (178, 94, 48), "plum": (92, 52, 78), "rust": (158, 84, 50),
    "cream": (230, 218, 190),
}  # fmt: skip

#: Known words, so that none of them is taken for a name at the start of a sentence.
KNOWN = frozenset[str]().union(*(keys for table in (PLACES, TIMES, WEATHERS, PROPS) for keys in table.values()))
