"""The garden department of the generated shop, which is furniture and all for the home, as in the original."""

from gigpo_gym.envs.webshop.assortment import Department, Family

FURNITURE = """Living Room, Dining Room / Home Office, Easy Assemble / Assembly Required / Fully Assembled,
    Solid Wood / Engineered Wood, Storage Space, Easy Clean, Metal Frame / Wood Frame / Steel Frame, Heavy Duty,
    Space Saving, Mid Century, Non Slip, Eco Friendly"""
LIGHTING = """Living Room, Easy Install, Glass Shade / Clear Glass / Linen Shade, Wall Mounted / Height Adjustable,
    Dining Room, Bronze Finish / Nickel Finish, Mid Century, Energy Efficient, Assembly Required, Pull Chain,
    Heavy Duty, Long Lasting"""
TEXTILES = """Living Room, Machine Washable, Super Soft, Double Sided, Faux Fur / Fleece Throw / Cotton Blend,
    Easy Clean, Printing Technology, Dining Room / Guest Room, Quality Polyester, Eco Friendly, Easy Care, Long Lasting,
    Hidden Zipper, Fade Resistant"""

GARDEN = Department(
    name="garden",
    root="Home & Kitchen",
    wanted=(33, 18, 22, 14, 9, 3, 1),
    others=(33, 27, 19, 12, 6, 3),
    ranges=0.015,
    skew=2,
    model=0.43,
    sized=True,
    openings="""
        Made for {used}: the {it} by {brand}, {look} in line and honest in material
        The {it} brings a {look} touch to any room and makes itself useful from the first day
        {brand} designs for real homes: this {it} looks light, takes a lot, and asks for little
        Made of {made} by people who know the trade, the {look} {it} stays good to look at for years
        Small flat or large house, the {look} {it} finds its place and is right for {used}
        """,
    fillers="""
        MATERIAL: The {it} is made of {made}, chosen piece by piece for an even look
        DIMENSIONS: {size}; please compare it with your room before you order
        STYLE: A {look} design that goes with farmhouse, industrial and modern rooms alike
        The {it} is a good choice for {used}, and a welcome gift for a new home
        WHAT YOU GET: One {it}, packed with care, and a short guide with clear pictures
        SERVICE: If a part arrives with damage, {brand} sends another one free of charge
        You will hardly find a {look} piece like this one at a lower price
        Choose the color and size that go with your walls, floor and curtains
        CARE: Wipe it with a soft cloth, and keep it away from direct sun and water
        Safe for homes with children and pets, with smooth edges and no smell
        The {made} looks warm in daylight and quiet at night
        Saves you a few dollars and a trip to the store
        Screens differ, so the shade of the {it} may look a little warmer at home
        Ships in one box and weighs less than you think
        """,
    families=(
        Family(
            section="Bedding > Mattresses",
            looks="Firm, Medium, Plush, Cooling, Breathable, Hybrid, Foldable, Tufted",
            made_of="Latex, Foam, Bamboo, Cotton, Wool, Coil Springs",
            used_for="Bedroom, Guest Room, Bunk Beds, Camping, Dormitory, Back Sleepers",
            traits="""High Density, Noise Free, Long Lasting, Heavy Duty, Double Sided, Easy Clean, Super Soft,
                Fully Assembled, Eco Friendly, Memory Foam, Box Spring, Pocket Springs, Lumbar Support, Cooling Gel,
                Back Pain, Guest Room""",
            options="46 - | 8 Color | 50 Size | 8 Size, Style",
            values="Color=textiles, Size=bed sizes, Style=bed styles",
            types="""
                mattresses | 12 | 110-890 | Foam Mattress, Spring Mattress, Mattress Topper, Hybrid Mattress
                """,
        ),
        Family(
            section="Furniture > Bedroom Furniture",
            looks="Modern, Rustic, Upholstered, Farmhouse, Minimalist, Tufted, Industrial, Classic",
            made_of="Pine, Oak, Linen, Velvet, Iron, Bamboo",
            used_for="Bedroom, Guest Room, Dormitory, Apartment, Teens, Small Rooms",
            traits=FURNITURE.replace("Dining Room / Home Office", "Guest Room")
            + ", Noise Free, Box Spring, Memory Foam, Faux Leather, White Item",
            options="56 - | 20 Color | 22 Size | 14 Size, Color",
            values="Color=furniture, Size=bed sizes",
            types="""
                bedframes | 7 | 95-620 | Bed Frame, Platform Bed, Metal Bed
                    | Memory Foam
                beds | 7 | 120-830 | Daybed Frame, Storage Bed, Bunk Bed, Sofa Bed
                headboards | 2 | 65-340 | Panel Headboard, Tufted Headboard
                    | Memory Foam, Box Spring, Storage Space, Non Slip
                """,
        ),
        Family(
            section="Furniture > Bedroom Storage",
            looks="Modern, Rustic, Mirrored, Farmhouse, Minimalist, Lighted, Industrial, Classic",
            made_of="Pine, Oak, Walnut, Velvet, Iron, Bamboo",
            used_for="Bedroom, Guest Room, Dormitory, Apartment, Girls, Small Rooms",
            traits=FURNITURE + ", Tempered Glass, Storage Unit, White Item, White Finish",
            options="68 - | 34 Color | 22 Size, Color",
            values="Color=furniture, Size=furniture widths",
            types="""
                nightstands | 3 | 38-260 | Bedside Table, End Table
                dressers & chests | 1 | 90-560 | Wide Dresser, Drawer Chest
                vanities | 6 | 90-480 | Vanity Desk, Makeup Vanity, Vanity Table
                    | Dining Room
                """,
        ),
        Family(
            section="Furniture > Living Room Seating",
            looks="Modern, Tufted, Contemporary, Scandinavian, Swivel, Upholstered, Folding, Elegant",
            made_of="Velvet, Linen, Leatherette, Walnut, Rattan, Boucle",
            used_for="Reading Corner, Entryway, Apartment, Lounge, Balcony, Bedroom",
            traits=FURNITURE + ", High Density, Faux Leather / PU Leather, Contemporary Style, Lumbar Support",
            options="52 - | 42 Color | 6 Size | 20 Size, Color | 4 Style, Color",
            values="Color=furniture, Size=furniture widths, Style=seats",
            types="""
                ottomans | 7 | 34-260 | Storage Ottoman, Foot Stool, Storage Bench
                    | Lumbar Support
                accent chairs | 3 | 85-480 | Accent Chair, Lounge Chair, Barrel Chair
                    | Storage Space
                sofas & couches | 1 | 220-940 | Sectional Sofa, Love Seat
                living room sets | 4 | 260-950 | Sofa Set, Seating Set
                    | Dining Room
                bar stools | 2 | 55-320 | Bar Stools, Counter Stools
                    | Storage Space
                """,
        ),
        Family(
            section="Furniture > Living Room Tables",
            looks="Modern, Narrow, Contemporary, Scandinavian, Round, Rustic, Nesting, Elegant",
            made_of="Walnut, Marble Veneer, Rattan, Oak, Glass, Mango Wood",
            used_for="Entryway, Hallway, Apartment, Lounge, Sofa Side, Foyer",
            traits=FURNITURE + ", Tempered Glass, Contemporary Style, Storage Unit, White Item",
            options="70 - | 30 Color | 4 Size | 20 Size, Color",
            values="Color=furniture, Size=furniture widths",
            types="""
                console tables | 7 | 62-420 | Console Table, Sofa Table, Entryway Table
                coffee tables | 6 | 58-430 | Coffee Table, Lift Table, Cocktail Table
                sofa tables | 3 | 48-330 | Sofa Table, Side Table
                end tables | 1 | 35-210 | End Table, Snack Table
                tv stands | 5 | 70-460 | TV Stand, Media Console, TV Cabinet
                    | Dining Room
                """,
        ),
        Family(
            section="Furniture > Kitchen & Dining Furniture",
            looks="Farmhouse, Rustic, Industrial, Rolling, Modern, Round, Extendable, Vintage",
            made_of="Oak, Rubberwood, Marble Veneer, Iron, Walnut, Acacia",
            used_for="Kitchen, Breakfast Nook, Family Dinner, Pantry, Restaurant, Studio",
            traits=FURNITURE + ", Storage Unit, Stainless Steel, White Finish, Adjustable Shelves, Faux Leather",
            options="72 - | 26 Color | 8 Size | 16 Size, Color",
            values="Color=furniture, Size=furniture widths",
            types="""
                dining sets | 2 | 160-820 | Dining Set, Table Set
                    | Storage Unit, Adjustable Shelves
                dining tables | 2 | 110-690 | Dining Table, Kitchen Table
                    | Storage Unit, Adjustable Shelves, Faux Leather
                kitchen islands | 3 | 95-560 | Kitchen Island, Kitchen Cart
                    | Faux Leather
                china cabinets | 4 | 130-720 | China Cabinet, Display Cabinet
                    | Faux Leather
                buffets & sideboards | 1 | 120-640 | Buffet Cabinet, Modern Sideboard
                    | Faux Leather, Stainless Steel
                baker's racks | 4 | 60-290 | Bakers Rack, Microwave Stand
                    | Faux Leather
                """,
        ),
        Family(
            section="Furniture > Home Office",
            looks="Industrial, Modern, Ergonomic, Rustic, Compact, Adjustable, Folding, Gaming",
            made_of="Steel, Oak, Mesh, Leatherette, Bamboo, Iron",
            used_for="Study, Gaming, Craft Room, Students, Small Spaces, Reception",
            traits=FURNITURE.replace("Dining Room / ", "")
            + ", Height Adjustable, High Density, Lumbar Support, PU Leather, White Item",
            options="70 - | 32 Color | 4 Size | 16 Size, Color",
            values="Color=furniture, Size=furniture widths",
            types="""
                desks | 4 | 75-520 | Writing Desk, Computer Desk, Standing Desk
                    | Lumbar Support, High Density, PU Leather
                drafting tables | 2 | 80-330 | Drafting Table, Craft Table
                    | Lumbar Support, High Density, PU Leather
                home office chairs | 5 | 70-430 | Office Chair, Desk Chair, Task Chair
                    | Storage Space
                """,
        ),
        Family(
            section="Furniture > Storage & Organization",
            looks="Industrial, Modern, Tall, Rustic, Compact, Corner, Open, Mobile",
            made_of="Steel, Oak, Particle Board, Bamboo, Pine, Iron",
            used_for="Study, Hallway, Mudroom, Craft Room, Closet, Garage",
            traits=FURNITURE + ", Adjustable Shelves, Storage Unit, White Item, Wall Mounted",
            options="74 - | 28 Color | 4 Size | 16 Size, Color",
            values="Color=furniture, Size=furniture widths",
            types="""
                bookcases | 9 | 48-380 | Open Bookcase, Ladder Shelf, Corner Bookshelf
                file cabinets | 5 | 55-310 | File Cabinet, Filing Cart
                    | Wall Mounted, Dining Room
                cabinets | 3 | 65-420 | Storage Cabinet, Accent Cabinet
                coat racks | 2 | 18-120 | Coat Rack, Wall Hooks
                    | Adjustable Shelves
                hall trees | 2 | 70-290 | Hall Tree, Entry Bench
                baskets & storage | 1 | 12-70 | Storage Basket, Storage Box
                    | Adjustable Shelves, Wall Mounted
                """,
        ),
        Family(
            section="Lighting",
            looks="Modern, Industrial, Vintage, Dimmable, Farmhouse, Minimalist, Arched, Crystal",
            made_of="Brass, Iron, Rattan, Frosted Glass, Linen, Aluminum",
            used_for="Bedroom, Hallway, Kitchen Island, Bathroom, Stairs, Reading",
            traits=LIGHTING + ", Light Fixture, Remote Control",
            options="74 - | 26 Color | 10 Size | 2 Size, Color",
            values="Color=finishes, Size=lamp sizes",
            types="""
                sconces | 8 | 28-210 | Wall Sconce, Wall Lamp, Bathroom Sconce
                    | Height Adjustable
                floor lamps | 6 | 38-240 | Floor Lamp, Arc Lamp, Tripod Lamp
                    | Wall Mounted
                table lamps | 2 | 24-150 | Table Lamp, Bedside Lamp
                    | Wall Mounted
                pendants & chandeliers | 5 | 45-480 | Pendant Light, Crystal Chandelier, Ceiling Light
                vanity lights | 2 | 40-230 | Vanity Light, Mirror Light
                string & night lights | 1 | 12-48 | String Lights, Night Light
                    | Glass Shade, Clear Glass, Linen Shade, Height Adjustable, Pull Chain, Assembly Required
                """,
        ),
        Family(
            section="Home Decor > Walls",
            looks="Abstract, Framed, Rustic, Bohemian, Modern, Handmade, Vintage, Large",
            made_of="Canvas, Driftwood, Bamboo, Metal Wire, Acrylic, Pine",
            used_for="Bedroom, Bathroom, Office, Fireplace, Stairs, Hallway",
            traits="""Easy Install, Wall Mounted / Ready Hang, Eco Friendly, Long Lasting, Easy Clean, High Quality,
                Hand Painted / Mid Century, Double Sided, Wood Frame / Metal Frame, Tempered Glass, Printing Technology,
                Exquisite Workmanship, Contemporary Style, Living Room, Dining Room, Home Decoration""",
            options="50 - | 18 Color | 34 Size | 20 Size, Color | 2 Style",
            values="Color=decor, Size=picture sizes, Style=panels",
            types="""
                wall art | 10 | 14-180 | Canvas Print, Wall Art, Art Poster, Metal Art
                decorative mirrors | 8 | 28-290 | Wall Mirror, Floor Mirror, Round Mirror
                    | Hand Painted, Printing Technology
                picture frames & clocks | 2 | 12-85 | Picture Frame, Wall Clock
                    | Hand Painted
                """,
        ),
        Family(
            section="Home Decor > Candles",
            looks="Scented, Rustic, Hand Poured, Modern, Flameless, Vintage, Large, Calming",
            made_of="Beeswax, Coconut Wax, Ceramic, Amber Glass, Cotton Wick, Tin",
            used_for="Bedroom, Bathroom, Yoga, Dinner, Housewarming, Weddings",
            traits="""Long Lasting, Lead Free, Eco Friendly, Non Toxic, High Quality, Clean Burning, Hand Crafted,
                Soy Wax, Essential Oils, Natural Ingredients, Glass Jar, Living Room, Dining Room, Gift Giving""",
            options="68 - | 12 Color | 22 Scent | 10 Size",
            values="Color=decor, Scent=scents, Size=pieces",
            types="""
                candles | 8 | 9-58 | Scented Candle, Pillar Candles, Soy Candle
                """,
        ),
        Family(
            section="Home Decor > Plants",
            looks="Potted, Tropical, Lifelike, Mini, Tall, Hanging, Indoor, Evergreen",
            made_of="Terracotta, Ceramic, Silk, Coir, Jute, Clay",
            used_for="Bedroom, Office Desk, Balcony, Windowsill, Housewarming, Porch",
            traits="""Easy Care, Easy Clean, Long Lasting, Eco Friendly, Pet Safe, Air Purifying, High Quality,
                Fully Assembled, Drainage Holes, Ceramic Pot, Living Room, Dining Room, Home Decoration, Gift Giving""",
            options="74 - | 10 Color | 22 Size | 6 Style",
            values="Color=decor, Size=plant sizes, Style=panels",
            types="""
                live plants | 5 | 12-75 | Snake Plant, Live Succulent, Bonsai Tree
                    | Fully Assembled, Easy Clean
                artificial plants | 2 | 14-120 | Artificial Tree, Silk Flowers
                    | Air Purifying, Drainage Holes
                planters | 2 | 13-90 | Plant Pot, Hanging Planter
                    | Air Purifying, Ceramic Pot, Fully Assembled
                """,
        ),
        Family(
            section="Home Textiles",
            looks="Geometric, Floral, Striped, Bohemian, Knitted, Plush, Woven, Farmhouse",
            made_of="Linen, Microfiber, Velvet, Cotton, Chenille, Jute",
            used_for="Sofa, Bedroom, Nursery, Patio, Couch, Car",
            traits=TEXTILES,
            options="42 - | 22 Color | 26 Size | 32 Color, Size",
            values="Color=textiles, Size=cloth sizes",
            types="""
                decorative pillows | 9 | 9-58 | Throw Pillow, Pillow Covers, Lumbar Pillow
                    | Fleece Throw
                throw blankets | 6 | 16-90 | Throw Blanket, Fleece Blanket, Weighted Blanket
                    | Hidden Zipper
                window coverings | 10 | 15-130 | Blackout Curtains, Window Shades, Sheer Curtains, Roman Blinds
                    | Faux Fur, Fleece Throw, Hidden Zipper, Super Soft
                area rugs | 4 | 24-260 | Area Rug, Runner Rug, Door Mat
                    | Fleece Throw, Hidden Zipper, Double Sided
                """,
        ),
    ),
)
