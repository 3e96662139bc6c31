"""Values of the options in a generated shop, and how many of them a product has.

No value may hold a colour word of upstream's reward inside a longer word or beside other words (`light blue`, `washed`,
`standard`): chosen values are cut down to the first such word and the options of synthetic goals are not, so that such
a goal could not be reached, or was reached by other values too.
"""

from gigpo_gym.envs.webshop.assortment import cells, lines

# The better liked ones first.
KINDS = """
apparel: Black, White, Navy, Blue, Red, Grey, Green, Pink, Khaki, Purple, Yellow, Brown, Beige, Wine, Orange, Burgundy,
    Olive, Royal, Teal, Charcoal, Ivory, Camel, Rose, Coffee, Lavender, Mint, Coral, Maroon, Mustard, Rust, Tan, Peach,
    Turquoise, Plum, Denim, Camo, Leopard, Violet, Aqua, Indigo, Fuchsia, Champagne, Cream, Apricot, Gold, Silver,
    Magenta, Mauve, Taupe, Lilac, Slate, Midnight, Merlot, Lime, Sage, Jade, Crimson, Cobalt, Emerald, Onyx
furniture: White, Black, Brown, Grey, Walnut, Natural, Beige, Espresso, Oak, Navy, Green, Pink, Cream, Teal, Blue,
    Cognac, Charcoal, Rust, Gold, Silver, Taupe, Mustard, Burgundy, Camel, Ivory, Chestnut, Maple, Cherry, Honey, Olive
finishes: Black, Gold, Bronze, Silver, White, Nickel, Brass, Copper, Chrome, Grey, Natural, Pewter, Amber, Smoke
textiles: White, Grey, Beige, Navy, Blue, Black, Pink, Green, Teal, Yellow, Cream, Burgundy, Brown, Orange, Purple,
    Mustard, Coral, Ivory, Taupe, Rust, Olive, Lavender, Turquoise, Aqua, Sage, Peach, Blush, Charcoal, Gold, Silver,
    Plum, Mint, Indigo, Fuchsia, Clay, Oatmeal
decor: Black, White, Gold, Silver, Brown, Blue, Green, Grey, Pink, Natural, Multi, Bronze, Teal, Purple, Red, Orange,
    Copper, Walnut, Turquoise, Yellow, Cream, Sunflower, Lavender, Coral, Amber, Clay
devices: Black, White, Blue, Silver, Grey, Red, Pink, Green, Gold, Purple, Navy, Orange, Midnight, Rose, Yellow,
    Graphite, Teal, Mint, Camo, Clear, Coral, Lavender, Chrome, Starry
tools: Black, Pink, White, Blue, Silver, Gold, Purple, Green, Rose, Grey, Clear, Red, Yellow, Orange, Brown, Mint,
    Lavender, Peach, Teal, Rainbow, Leopard, Marble
cosmetics: Nude, Rose, Red, Pink, Coral, Peach, Plum, Berry, Mauve, Wine, Brown, Caramel, Mocha, Ivory, Beige, Honey,
    Chestnut, Black, Bronze, Gold, Champagne, Copper, Fuchsia, Cranberry, Espresso, Taupe, Almond, Ruby, Cocoa, Silver,
    Violet, Blue, Fig, Toffee
hair shades: Black, Brown, Blonde, Burgundy, Chestnut, Copper, Red, Honey, Auburn, Silver, Grey, Pink, Purple, Blue,
    Platinum, Ginger, Caramel, Champagne, Rose, Violet, Green, Ombre
snack flavors: Sea Salt, Barbecue, Ranch, Cheddar, Original, Honey Roasted, Jalapeno, Sour Cherry, Cinnamon, Pecan,
    Wasabi, Smoky Bacon, Salt & Vinegar, Garlic Herb, Maple, Coconut, Sriracha, Dill Pickle, Variety Pack
sweet flavors: Vanilla, Chocolate, Strawberry, Caramel, Raspberry, Peanut Butter, Lemon, Coffee, Hazelnut, Cherry,
    Coconut, Gingerbread, Maple, Toffee, Banana, Apple Pie, Pumpkin Spice, Almond, Unsweetened, Variety Pack
drink flavors: Lemon, Peach, Mango, Ginger, Cherry, Vanilla, Hibiscus, Cranberry, Lime, Apple, Pomegranate, Hazelnut,
    Watermelon, Chamomile, Jasmine, Raspberry, Original, Passion Fruit, Variety Pack
savory flavors: Original, Garlic, Smoky, Teriyaki, Italian Herb, Hot & Spicy, Onion, Basil, Maple, Curry, Hickory,
    Tomato, Sesame, Buffalo, Mushroom, Variety Pack
scents: Lavender, Vanilla, Rose, Coconut, Eucalyptus, Citrus, Jasmine, Unscented, Fresh Linen, Ocean Breeze, Cedar,
    Amber, Peach, Bergamot, Cucumber Melon, Mint, Cherry Blossom, Honey Almond, Warm Musk, Tropical Fruit
sets: Starter Set, Deluxe Set, Travel Kit, Refill, Single, Family Pack, Gift Box, Professional Kit
bed styles: Firm, Medium Firm, Plush, Extra Plush
seats: Left Facing, Right Facing, With Ottoman, Without Arms, Recliner
panels: Single, Set of 2, Set of 3, Set of 5
plugs: Basic, With Cable, With Wall Mount, With Case, Bundle, Upgraded, Old Version, With Travel Bag
camera kits: Body Only, With Tripod, With Bag, Starter Kit, Creator Kit, With Memory Card, Bundle
gifts: Birthday, Thank You, Get Well, Congratulations, Baby Boy, Baby Girl, Happy Retirement
fits: Men, Women, Youth
"""
# In order: a product has a run of them.
SIZES = """
letters: X-Small, Small, Medium, Large, X-Large, XX-Large, 3X-Large, 4X-Large, 5X-Large
tall letters: X-Small, Small, Medium, Large, X-Large, XX-Large, 3X-Large, 4X-Large, 5X-Large, Large Tall, X-Large Tall,
    XX-Large Tall, 3X-Large Tall, 4X-Large Tall, 5X-Large Tall
waists: 28W x 30L, 28W x 32L, 28W x 34L, 30W x 30L, 30W x 32L, 30W x 34L, 32W x 30L, 32W x 32L, 32W x 34L, 34W x 30L,
    34W x 32L, 34W x 34L, 36W x 30L, 36W x 32L, 36W x 34L, 38W x 30L, 38W x 32L, 38W x 34L, 40W x 30L, 40W x 32L, 40W x
    34L, 42W x 30L, 42W x 32L, 42W x 34L, 44W x 30L, 44W x 32L, 44W x 34L
dress sizes: 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26
women's shoes: 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 6 Wide, 7 Wide, 8 Wide, 9 Wide, 10 Wide
men's shoes: 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5, 14, 9 Wide, 10 Wide, 11 Wide, 12 Wide,
    13 Wide
bed sizes: Twin, Twin XL, Full, Full XL, Queen, Short Queen, King, California King, Split King
furniture widths: 24 inch, 28 inch, 32 inch, 36 inch, 40 inch, 43 inch, 47 inch, 55 inch, 63 inch, 70 inch
lamp sizes: 1-Pack, 2-Pack, 3-Pack, 4-Pack, 6-Pack
plant sizes: 4 inch Pot, 6 inch Pot, 8 inch Pot, 10 inch Pot, 12 inch Pot
picture sizes: 8" x 10", 12" x 16", 16" x 20", 18" x 24", 24" x 32", 24" x 36", 32" x 48", 20 inch Round, 24 inch Round,
    30 inch Round
cloth sizes: 12" x 20", 16" x 16", 18" x 18", 20" x 20", 24" x 24", 28" x 28", 36" x 63", 42" x 84", 50" x 60", 52" x
    95", 60" x 80"
hair lengths: 8 inch, 10 inch, 12 inch, 14 inch, 16 inch, 18 inch, 20 inch, 22 inch, 24 inch, 26 inch, 28 inch, 30 inch
photo sizes: 3x5 ft, 5x7 ft, 6x8 ft, 7x9 ft, 8x10 ft, 10x12 ft
screen sizes: 24 inch, 32 inch, 43 inch, 55 inch, 65 inch, 75 inch, 84 inch, 100 inch, 120 inch
cable lengths: 1 foot, 3 feet, 6 feet, 10 feet, 15 feet, 25 feet, 33 feet, 50 feet, 75 feet, 100 feet
phone models: 5.4 inch, 6.1 inch, 6.5 inch, 6.7 inch, 6.9 inch
storage: 32GB, 64GB, 128GB, 256GB, 512GB, 1TB
watch sizes: 38mm, 40mm, 42mm, 44mm, 45mm, 49mm
lens mounts: 52mm, 58mm, 67mm, 72mm, 77mm, 82mm
channels: 2.0 Channel, 2.1 Channel, 3.1 Channel, 5.1 Channel, 7.1 Channel
pairs: 1 Piece, 2 Pieces, 3 Pieces, 4 Pieces
pieces: 1 Count, 2 Count, 4 Count, 6 Count, 10 Count, 12 Count, 20 Count, 24 Count, 50 Count, 100 Count
fluid: 0.5 Fl Oz (Pack of 1), 1 Fl Oz (Pack of 1), 1.7 Fl Oz (Pack of 1), 3.4 Fl Oz (Pack of 1), 3.4 Fl Oz (Pack of 2),
    8 Fl Oz (Pack of 1), 8 Fl Oz (Pack of 2), 12 Fl Oz (Pack of 1), 16 Fl Oz (Pack of 1)
oral packs: 1 Count, 2 Count, 3 Count, 4 Count, 6 Count, 8 Count, 12 Count
food packs: 1 Ounce (Pack of 12), 1 Ounce (Pack of 24), 3.5 Ounce (Pack of 1), 3.5 Ounce (Pack of 4), 5 Ounce (Pack of
    6), 8 Ounce (Pack of 1), 8 Ounce (Pack of 3), 12 Ounce (Pack of 6), 16 Ounce (Pack of 1), 16 Ounce (Pack of 2)
drink packs: 8 Fl Oz (Pack of 6), 8 Fl Oz (Pack of 12), 12 Fl Oz (Pack of 1), 12 Fl Oz (Pack of 6), 16 Fl Oz (Pack of
    4), 32 Fl Oz (Pack of 1), 32 Fl Oz (Pack of 3)
"""


def _lists(table: str) -> dict[str, tuple[str, ...]]:
    return {name: cells(values) for name, values in (line.split(": ") for line in lines(table))}


LISTS = _lists(KINDS) | _lists(SIZES)
RUNS = frozenset(_lists(SIZES))
# How many values a group of a product has, a twentieth of the products each; measured in the official 1,000 products.
COUNTS = {
    ("fashion", "Color"): (2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7, 7, 8, 9, 10, 12, 16, 31),
    ("fashion", "Size"): (3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 6, 7, 7, 8, 9, 10, 12, 20),
    ("garden", "Color"): (2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 12, 27),
    ("garden", "Size"): (2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7, 8, 10),
    ("beauty", "Color"): (2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 6, 6, 7, 8, 12, 15, 27),
    ("beauty", "Size"): (2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 5, 5, 5, 7, 9),
    ("electronics", "Color"): (2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8, 8, 8, 17),
    ("electronics", "Size"): (2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 7, 7, 7, 8, 8, 8),
    ("grocery", "Size"): (2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 5),
}
OTHER_COUNTS = (2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 8, 12)
