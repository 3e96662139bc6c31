"""What ALFWorld's households hold: kinds of things, what is in each kind of room, and what is asked for there.

All figures were counted in 740 official games (600 of train, 140 of valid_seen; `json_2.1.1`). In the tables, a line
that starts with spaces belongs to the one before it.
"""

from dataclasses import dataclass

# A kind of thing | what it can: c be cleaned, h heated, k cooled, s sliced, t switched on, v hold other things | of ten
# games, how many have one, two, three of it, where the floor plan has it at all ("-": it stays where it is) | how many
# of a hundred lie in no receptacle | how much a receptacle of each kind draws it, beside others; it can be put into
# these, save where ~ stands.
OBJECTS = """\
AlarmClock | - | 622 | 0 | DiningTable:60 Desk:39 CounterTop:28 Dresser:26 SideTable:24 Shelf:16
Apple | chks | 333 | 2 | SideTable:60 Fridge:60 DiningTable:53 Microwave:33 SinkBasin:29 GarbageCan:26 CounterTop:25
BaseballBat | - | 100 | 100 | Bed:0 DiningTable:0 SideTable:0
BasketBall | - | 100 | 100 | Bed:0 Desk:0 DiningTable:0 Dresser:0 SideTable:0
Bathtub | - | - | 100 |
Blinds | - | - | 100 |
Book | - | 632 | 0 | Bed:60 CounterTop:41 Desk:30 DiningTable:27 Dresser:21 CoffeeTable:18 Cabinet:15 Sofa:11 ArmChair:9
    Drawer:7 SideTable:7 Shelf:2 Ottoman:0
Boots | - | 100 | 100 |
Bowl | ckv | 433 | 0 | DiningTable:60 Fridge:55 Cabinet:53 Desk:46 CounterTop:25 ~TVStand:24 Shelf:14 CoffeeTable:11
    Dresser:9 Microwave:8 SinkBasin:8 SideTable:4
Box | v | 810 | 41 | Desk:60 DiningTable:21 Dresser:6 CoffeeTable:6 Cabinet:5 Sofa:5 SideTable:2 ~TVStand:1 Shelf:1
    ArmChair:1 Ottoman:0
Bread | hks | 531 | 0 | DiningTable:60 CounterTop:22 Fridge:12 SideTable:1 GarbageCan:1 Microwave:1
ButterKnife | c | 442 | 3 | DiningTable:60 SideTable:43 CounterTop:32 SinkBasin:8 Drawer:4
CD | - | 434 | 14 | DiningTable:60 Dresser:39 Desk:30 SideTable:22 Drawer:18 Cabinet:14 GarbageCan:11 ~ArmChair:10
    Shelf:6 CounterTop:0 Safe:0
Candle | - | 334 | 10 | CounterTop:30 Toilet:27 SideTable:26 Cabinet:21 DiningTable:16 Drawer:15 CoffeeTable:15 Cart:11
    Dresser:10 Shelf:9
CellPhone | - | 433 | 0 | Ottoman:60 DiningTable:21 Dresser:21 Bed:20 Desk:18 CoffeeTable:17 Safe:15 CounterTop:10
    Sofa:8 SideTable:8 ArmChair:8 Drawer:7 Shelf:4
Chair | - | - | 100 |
Cloth | c | 443 | 16 | BathtubBasin:60 Cart:34 Cabinet:34 Shelf:24 Dresser:21 CounterTop:14 Drawer:13 SinkBasin:5
    SideTable:4 Toilet:4 ArmChair:0 Desk:0 DiningTable:0 GarbageCan:0 LaundryHamper:0
CreditCard | - | 334 | 1 | Dresser:60 Sofa:54 Ottoman:47 ~TVStand:44 DiningTable:43 CoffeeTable:43 Desk:39 CounterTop:39
    ArmChair:38 Drawer:30 Shelf:28 SideTable:27 Safe:0
Cup | chkv | 433 | 2 | DiningTable:60 Fridge:54 SideTable:51 Cabinet:35 SinkBasin:35 CounterTop:27 Microwave:23 Shelf:19
Curtains | - | - | 97 | ~SideTable:60
DeskLamp | t | - | 0 | ~SideTable:60 ~Dresser:38 ~Desk:37 ~CoffeeTable:18 ~Shelf:8
DishSponge | c | 433 | 3 | BathtubBasin:60 DiningTable:52 Cart:40 Cabinet:32 CounterTop:29 Drawer:22 SideTable:22
    SinkBasin:20 Toilet:17 GarbageCan:15 Shelf:15
Egg | chks | 343 | 3 | Fridge:60 SideTable:58 DiningTable:56 GarbageCan:33 SinkBasin:31 CounterTop:29 Microwave:27
FloorLamp | t | - | 100 |
Footstool | - | 100 | 100 |
Fork | c | 433 | 3 | DiningTable:60 SideTable:40 CounterTop:33 SinkBasin:15 Drawer:14
Glassbottle | - | 333 | 0 | DiningTable:60 Cabinet:35 SinkBasin:24 ~GarbageCan:23 CounterTop:23 Fridge:17 Shelf:14
    Microwave:0
HandTowel | - | 820 | 0 | HandTowelHolder:60 BathtubBasin:0 Cabinet:0 Cart:0 CounterTop:0 Drawer:0 GarbageCan:0 Shelf:0
    SideTable:0 SinkBasin:0 Toilet:0
HousePlant | - | - | 16 | ~CounterTop:60 ~DiningTable:42 ~SideTable:21 ~Dresser:20 ~CoffeeTable:19 ~Desk:19 ~Shelf:8
    ~TVStand:7 ~Cabinet:4
Kettle | c | 442 | 0 | DiningTable:60 Cabinet:52 StoveBurner:42 CounterTop:41 SinkBasin:6 Shelf:4 SideTable:0
KeyChain | - | 333 | 9 | ~TVStand:60 CoffeeTable:51 Safe:51 DiningTable:49 Dresser:45 Desk:36 Sofa:33 SideTable:30
    Drawer:22 Shelf:20 Ottoman:20 ArmChair:13 CounterTop:0
Knife | c | 333 | 5 | DiningTable:60 CounterTop:30 SideTable:14 Drawer:13 SinkBasin:6
Ladle | c | 433 | 5 | DiningTable:60 CounterTop:40 Cabinet:23 Drawer:19 SinkBasin:4
Laptop | - | 631 | 0 | Bed:60 Desk:23 DiningTable:22 CoffeeTable:16 Sofa:14 Dresser:6 ~TVStand:5 ArmChair:4 Ottoman:3
    SideTable:1 CounterTop:0
LaundryHamperLid | - | - | 100 |
Lettuce | cks | 433 | 2 | DiningTable:60 SideTable:29 Fridge:27 CounterTop:19 SinkBasin:7 GarbageCan:1
LightSwitch | - | - | 100 |
Mirror | - | - | 93 | ~CounterTop:60 ~Dresser:1
Mug | chkv | 442 | 4 | Desk:60 CoffeeMachine:54 DiningTable:42 Fridge:39 Microwave:26 Cabinet:26 Dresser:25 SideTable:22
    SinkBasin:18 Shelf:16 CounterTop:16
Newspaper | - | 442 | 0 | Dresser:60 DiningTable:34 CoffeeTable:29 ~TVStand:25 Sofa:24 Shelf:18 SideTable:16 Ottoman:16
    ArmChair:12 Drawer:2 Cabinet:0 GarbageCan:0
Painting | - | - | 100 |
Pan | ckv | 730 | 0 | StoveBurner:60 CounterTop:50 DiningTable:35 Cabinet:20 Fridge:14 SinkBasin:1 SideTable:0
PaperTowelRoll | - | 100 | 3 | ~DiningTable:60 ~Toilet:20 ~CounterTop:20 ~Shelf:15 ~GarbageCan:11 ~SideTable:10
Pen | - | 334 | 0 | DiningTable:60 CoffeeTable:47 Desk:26 Dresser:23 ~TVStand:18 SideTable:14 CounterTop:10 Shelf:10
    Drawer:7 GarbageCan:2
Pencil | - | 343 | 1 | CoffeeTable:60 DiningTable:23 Dresser:18 Desk:16 SideTable:10 CounterTop:7 Shelf:6 Drawer:5
    GarbageCan:3
PepperShaker | - | 334 | 0 | SideTable:60 DiningTable:46 Cabinet:27 CounterTop:22 Shelf:21 Drawer:12
Pillow | - | 630 | 0 | Bed:60 Sofa:4 ArmChair:1 Ottoman:0
Plate | chkv | 433 | 6 | ~TVStand:60 DiningTable:60 Cabinet:51 CounterTop:31 Fridge:25 Dresser:17 Shelf:13
    CoffeeTable:13 SinkBasin:9 SideTable:5 Microwave:1
Plunger | - | 100 | 100 | Cabinet:0 Cart:0
Poster | - | - | 100 |
Pot | ckv | 541 | 0 | StoveBurner:60 DiningTable:24 Fridge:23 CounterTop:23 Cabinet:8 Shelf:5 SinkBasin:4 SideTable:0
Potato | chks | 433 | 2 | Fridge:60 DiningTable:56 CounterTop:33 SideTable:33 Microwave:26 SinkBasin:25 GarbageCan:15
RemoteControl | - | 333 | 7 | Dresser:60 ~TVStand:53 Sofa:51 CoffeeTable:45 CounterTop:43 DiningTable:40 Desk:38
    SideTable:17 Ottoman:17 Drawer:10 ArmChair:9 Shelf:7
SaltShaker | - | 343 | 0 | SideTable:60 DiningTable:59 Cabinet:42 CounterTop:36 Drawer:19 Shelf:14
ScrubBrush | - | 100 | 100 |
ShowerDoor | - | - | 100 |
ShowerGlass | - | - | 91 | ~CounterTop:60
Sink | - | - | 100 |
SoapBar | c | 523 | 7 | BathtubBasin:60 Cart:59 SideTable:55 CounterTop:43 Shelf:31 Drawer:30 Toilet:29 Cabinet:28
    SinkBasin:25 GarbageCan:15
SoapBottle | - | 443 | 4 | DiningTable:60 ~Dresser:47 Cabinet:29 Shelf:27 CounterTop:26 Cart:24 Toilet:19 SideTable:19
    GarbageCan:17 Drawer:2
Spatula | c | 443 | 2 | DiningTable:60 CounterTop:28 SideTable:18 SinkBasin:17 Drawer:13 ~StoveBurner:1
Spoon | c | 334 | 4 | DiningTable:60 CounterTop:28 Drawer:24 SideTable:22 SinkBasin:19
SprayBottle | - | 433 | 0 | SideTable:60 Cart:33 Dresser:21 DiningTable:20 CounterTop:15 Cabinet:14 Toilet:13 Shelf:12
    GarbageCan:7 Drawer:1
Statue | - | 343 | 1 | Desk:60 DiningTable:57 ~TVStand:49 Dresser:43 CoffeeTable:41 Shelf:37 CounterTop:37 SideTable:30
    Safe:0
StoveKnob | - | - | 100 |
TeddyBear | - | 100 | 24 | ~Bed:60
Television | - | - | 37 | ~TVStand:60 ~Dresser:7 ~CoffeeTable:1 ~SideTable:1
TennisRacket | - | 100 | 100 | Bed:0 Desk:0 DiningTable:0 Dresser:0 SideTable:0
TissueBox | - | 433 | 0 | CoffeeTable:60 Desk:26 Dresser:22 DiningTable:12 TVStand:12 Shelf:11 CounterTop:8 SideTable:7
    Cart:6 Cabinet:4 Drawer:3 Toilet:1 GarbageCan:1
ToiletPaper | - | 073 | 14 | Toilet:60 Shelf:53 CounterTop:52 SideTable:45 Cabinet:43 ToiletPaperHanger:36 Cart:35
    GarbageCan:28 Drawer:23 ~BathtubBasin:3 Dresser:0
Tomato | chks | 433 | 2 | Fridge:60 DiningTable:56 SideTable:40 CounterTop:27 GarbageCan:15 SinkBasin:14 Microwave:0
Towel | - | 910 | 0 | TowelHolder:60
Vase | - | 144 | 6 | Dresser:60 Shelf:56 Desk:55 ~TVStand:54 Cabinet:53 CounterTop:44 CoffeeTable:38 DiningTable:28
    SideTable:16 Safe:0
Watch | - | 333 | 0 | Desk:60 DiningTable:13 Shelf:12 CoffeeTable:12 ~TVStand:12 Drawer:8 SideTable:8 Dresser:7
WateringCan | - | 100 | 86 | CoffeeTable:60 Shelf:36 Cabinet:0 Desk:0 DiningTable:0 Drawer:0 Dresser:0 SideTable:0
Window | - | - | 95 | ~Dresser:60 ~CounterTop:46 ~Shelf:42
WineBottle | k | 433 | 0 | DiningTable:60 CounterTop:31 Cabinet:18 GarbageCan:17 Shelf:9 Fridge:3 SideTable:0
"""

# How many of each thing 30 floor plans of a room have, in ascending order: "0*28 1 2" is none in 28, one, and two in
# one. Receptacles and what stays where it is are fixed to the plan. Of other things a plan has a kind or has it not,
# and a game decides how many. What shares a line goes together.
ROOMS = {
    "kitchen": """\
1*30 | Apple Bowl Bread CoffeeMachine Cup DishSponge Egg Fork Fridge GarbageCan Knife Lettuce LightSwitch Microwave Mug
    Pan PepperShaker Plate Pot Potato SaltShaker Sink SinkBasin SoapBottle Spatula Spoon Toaster Tomato
0*25 1*5 | Blinds Statue Vase
0*26 1*4 | Book
0 1*29 | ButterKnife
2 4*3 9*4 10*3 11 12 13*5 15 16 18 19 20*4 23 26*2 27 | Cabinet
0*27 1*3 | CellPhone CreditCard SideTable
0*5 1*16 2*8 5 | Chair
1*5 2*12 3*10 4*3 | CounterTop
0*28 1*2 | Curtains Mirror Pen Pencil SprayBottle
0*14 1*11 2*4 3 | DiningTable
0 1*2 2 3*7 4*4 5*3 6*4 7 9*2 12*3 13 27 | Drawer
0*22 1*8 | Glassbottle
0*19 1*10 2 | HousePlant
0*15 1*15 | Kettle
0*19 1*11 | Ladle PaperTowelRoll
0*29 1 | Safe
0*24 3*6 | Shelf
4*29 6 | StoveBurner StoveKnob
0*3 1*18 2*8 3 | Window
0*18 1*12 | WineBottle
""",
    "living room": """\
1*30 | Box CreditCard FloorLamp GarbageCan KeyChain Laptop LightSwitch Pillow RemoteControl Television
0*3 1*16 2*11 | ArmChair
0*24 1*6 | Book CellPhone Ottoman
0*25 1*5 | Boots
0*28 1*2 | Bowl Candle
0*24 1*2 4*3 8 | Cabinet
0*6 1*6 2*4 4*8 5 6*3 8*2 | Chair
0*10 1*16 2*4 | CoffeeTable
0*19 1*9 2 3 | Curtains
0*29 1 | Desk Mirror Safe
0*18 1*12 | DeskLamp
0*13 1*15 2*2 | DiningTable
0*4 1*5 2 4*11 6 7*4 8 12 21*2 | Drawer
0*18 1*11 2 | Dresser
1*29 2 | HousePlant
0*11 1*19 | Newspaper
1*10 2*14 3*4 4*2 | Painting
0*27 1*3 | Pen
0*26 1*4 | Pencil
0*22 1*8 | Plate
0*18 1*4 2 4 6 8*3 13*2 | Shelf
0*4 1*9 2*5 3*10 5*2 | SideTable
1*24 2*6 | Sofa
0 1*29 | Statue
0*20 1*9 2 | TVStand
0*20 1*10 | TissueBox
0*14 1*16 | Vase
0*15 1*15 | Watch
0*16 1*14 | WateringCan
0*2 1*5 2*13 3*6 6*3 7 | Window
""",
    "bedroom": """\
1*30 | AlarmClock Book CD CellPhone CreditCard GarbageCan KeyChain Laptop LightSwitch Mirror Pen Pencil Pillow
0*25 1*3 2 3 | ArmChair
0*18 1*12 | BaseballBat
0*19 1*11 | BasketBall TennisRacket
1*25 2*5 | Bed
0*3 1*16 2*9 3 4 | Blinds
0*27 1*3 | Boots DiningTable TissueBox
0*16 1*14 | Bowl Box
0*26 1 2 4*2 | Cabinet
0*7 1*17 2*5 3 | Chair
0*25 1*5 | Cloth Safe Statue
0*29 1 | CounterTop Footstool Watch
0*28 1 2 | Curtains
0*8 1*20 2*2 | Desk DeskLamp
0 2*7 3*5 4*2 5*5 6 8 10*3 11*2 13 16 17 | Drawer
0*15 1*13 2*2 | Dresser
0*22 1*8 | HousePlant
0*21 1*9 | LaundryHamper LaundryHamperLid TeddyBear
0*14 1*16 | Mug
0*18 1*6 2*4 3*2 | Painting
0*23 1*6 4 | Poster
0*26 1*4 | RemoteControl Television
0*9 1*8 2*3 5*4 6 7 8 9 12*2 | Shelf
0*12 1*12 2*6 | SideTable
0*28 1*2 | Vase
1*18 2*10 3 4 | Window
""",
    "bathroom": """\
1*30 | Candle Cloth GarbageCan HandTowel LightSwitch Plunger ScrubBrush SoapBar SoapBottle SprayBottle Toilet
    ToiletPaper ToiletPaperHanger Towel
0*9 1*21 | Bathtub BathtubBasin
0*15 2 3*2 4*9 5*2 9 | Cabinet
0*27 1*3 | Cart
0*6 1*20 2*4 | CounterTop
0*24 1*6 | DishSponge
0*16 1*3 2*2 4*4 6 8*4 | Drawer
0*28 1*2 | Dresser SideTable
0*28 2*2 | FloorLamp
0*29 1 | Footstool HousePlant Painting
1*16 2*12 4*2 | HandTowelHolder
1*28 2*2 | Mirror
0*25 1*5 | PaperTowelRoll
0*21 1*3 2*2 3*2 4*2 | Shelf
0*13 1*17 | ShowerDoor
0*18 1*12 | ShowerGlass
1*14 2*16 | Sink SinkBasin
0*23 1*7 | TissueBox
1*21 2*9 | TowelHolder
0*7 1*18 2*4 4 | Window
""",
}

# A task type | a room | of 740 games, how many are this task in this room | what is asked for | where it shall go.
TASKS = """\
pick_and_place_simple | kitchen | 16 | Tomato:3 WineBottle:3 Kettle:2 ButterKnife:1 DishSponge:1 Egg:1 Fork:1 Knife:1
    Lettuce:1 Potato:1 SaltShaker:1 | Microwave:5 Shelf:3 DiningTable:2 Drawer:2 Cabinet:1 CounterTop:1 SideTable:1
    StoveBurner:1
pick_and_place_simple | living room | 34 | CreditCard:6 RemoteControl:5 Statue:4 Box:3 Newspaper:3 Book:2 KeyChain:2
    Laptop:2 Pillow:2 Vase:2 Watch:2 Bowl:1 | Sofa:10 ArmChair:8 CoffeeTable:7 SideTable:3 Drawer:2 Dresser:2 Ottoman:2
pick_and_place_simple | bedroom | 36 | Pen:6 Book:5 CellPhone:5 Mug:4 Pencil:4 CD:3 CreditCard:3 AlarmClock:2 KeyChain:2
    RemoteControl:1 Statue:1 | Desk:10 Dresser:6 Shelf:5 SideTable:5 ArmChair:3 Bed:3 DiningTable:1 Drawer:1
    GarbageCan:1 Safe:1
pick_and_place_simple | bathroom | 49 | ToiletPaper:11 Candle:8 SprayBottle:8 SoapBottle:7 HandTowel:6 Cloth:4 SoapBar:2
    TissueBox:2 DishSponge:1 | Toilet:16 ToiletPaperHanger:8 CounterTop:6 GarbageCan:6 Cabinet:4 Cart:4 Drawer:4
    SideTable:1
look_at_obj_in_light | living room | 21 | Box:5 Newspaper:4 Pillow:3 Statue:3 TissueBox:2 Laptop:1 Plate:1 Vase:1
    Watch:1 | DeskLamp:21
look_at_obj_in_light | bedroom | 92 | AlarmClock:14 CD:14 Pillow:13 Book:9 Pencil:8 Pen:7 Bowl:6 Laptop:6 CellPhone:3
    CreditCard:2 KeyChain:2 Statue:2 TissueBox:2 Vase:2 Mug:1 Watch:1 | DeskLamp:92
pick_clean_then_place_in_recep | kitchen | 95 | ButterKnife:11 Ladle:9 Spatula:8 Plate:7 Kettle:6 Mug:6 Spoon:6 Bowl:5
    Egg:5 Fork:5 Knife:5 Lettuce:5 Tomato:5 Pan:4 Potato:3 Pot:2 Apple:1 Cup:1 DishSponge:1 | DiningTable:23 Drawer:18
    CounterTop:15 Fridge:10 Shelf:7 CoffeeMachine:6 SideTable:5 StoveBurner:5 Cabinet:3 Microwave:3
pick_clean_then_place_in_recep | bathroom | 32 | SoapBar:16 Cloth:11 DishSponge:5 | Toilet:10 Drawer:6 Cabinet:4
    CounterTop:4 Cart:3 GarbageCan:3 Shelf:2
pick_heat_then_place_in_recep | kitchen | 116 | Mug:27 Egg:21 Cup:17 Tomato:17 Apple:11 Potato:11 Plate:10 Bread:2 |
    Fridge:33 Cabinet:17 CoffeeMachine:15 CounterTop:15 DiningTable:13 GarbageCan:11 SideTable:9 Shelf:3
pick_cool_then_place_in_recep | kitchen | 125 | Apple:13 Pot:13 Cup:11 Lettuce:11 Mug:11 Pan:10 Tomato:10 Bread:9
    Potato:9 Bowl:8 Egg:7 Plate:7 WineBottle:6 | CounterTop:28 Microwave:23 DiningTable:18 Cabinet:16 GarbageCan:14
    Shelf:8 StoveBurner:8 CoffeeMachine:6 SideTable:4
pick_two_obj_and_place | kitchen | 16 | Glassbottle:3 SaltShaker:3 PepperShaker:2 Spatula:2 Cup:1 Kettle:1 Knife:1
    Lettuce:1 Pan:1 WineBottle:1 | Drawer:3 Shelf:3 Cabinet:2 DiningTable:2 Fridge:2 CounterTop:1 GarbageCan:1
    Microwave:1 SideTable:1
pick_two_obj_and_place | living room | 38 | RemoteControl:10 Newspaper:7 CreditCard:4 KeyChain:4 TissueBox:3 Box:2
    Watch:2 Bowl:1 CellPhone:1 Pillow:1 Plate:1 Statue:1 Vase:1 | ArmChair:9 CoffeeTable:8 Sofa:8 Ottoman:5 Drawer:2
    GarbageCan:2 Desk:1 DiningTable:1 Dresser:1 SideTable:1
pick_two_obj_and_place | bedroom | 35 | Book:7 AlarmClock:6 CD:4 CellPhone:4 CreditCard:4 KeyChain:3 Pen:3 Bowl:1
    Pencil:1 Pillow:1 TissueBox:1 | Desk:7 Dresser:7 SideTable:6 Drawer:5 Bed:3 Shelf:3 ArmChair:1 DiningTable:1
    GarbageCan:1 Safe:1
pick_two_obj_and_place | bathroom | 35 | SprayBottle:12 ToiletPaper:8 SoapBar:5 Candle:3 SoapBottle:3 HandTowel:2
    DishSponge:1 TissueBox:1 | Cabinet:10 Toilet:8 GarbageCan:6 Drawer:4 Cart:3 CounterTop:2 Shelf:1 SideTable:1
"""


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is no receptacle."""

    abilities: str  # letters as in OBJECTS
    counts: tuple[int, ...]  # weights of one, two, three in a game; () for what stays where it is
    floor: float  # share that lies in no receptacle
    drawn_to: dict[str, int]  # by how much each kind of receptacle draws it
    fits: tuple[str, ...]  # the kinds of receptacle that it can be put into


@dataclass(frozen=True)
class Chore:
    """A task type in a kind of room; all numbers are weights."""

    task_type: str
    room: str
    share: int
    objects: dict[str, int]
    targets: dict[str, int]


def _rows(table: str) -> list[list[str]]:
    """The lines of a table, cut at the bars."""
    return [[cell.strip() for cell in line.split("|")] for line in table.replace("\n    ", " ").splitlines()]


def _weights(cell: str) -> dict[str, int]:
    return {name: int(weight) for name, _, weight in (pair.partition(":") for pair in cell.split())}


def _kind(abilities: str, counts: str, floor: str, places: str) -> Kind:
    weights = _weights(places)
    return Kind(
        abilities=abilities.strip("-"),
        counts=tuple(map(int, counts.strip("-"))),
        floor=int(floor) / 100,
        drawn_to={kind.strip("~"): weight for kind, weight in weights.items() if weight},
        fits=tuple(kind for kind in weights if kind[0] != "~"),
    )


def _spelled_out(runs: str) -> tuple[int, ...]:
    return tuple(
        int(value) for value, _, times in (run.partition("*") for run in runs.split()) for _ in range(int(times or 1))
    )


KINDS = {name: _kind(*cells) for name, *cells in _rows(OBJECTS)}
PLANS = 30  # of each kind of room, as in AI2-THOR
CONTENTS = {
    room: [(_spelled_out(runs), tuple(names.split())) for runs, names in _rows(table)] for room, table in ROOMS.items()
}
CHORES = [Chore(kind, room, int(share), _weights(o), _weights(r)) for kind, room, share, o, r in _rows(TASKS)]
RECEPTACLES = sorted(
    {name for contents in CONTENTS.values() for _, names in contents for name in names if name not in KINDS}
)
