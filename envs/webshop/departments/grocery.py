"""The grocery department of the generated shop."""

from gigpo_gym.envs.webshop.assortment import Department, Family

DIET = """Gluten Free, Non GMO, Plant Based / Keto Friendly, Dairy Free / Lactose Free, Soy Free / Nut Free,
    Low Sugar / Sugar Free, High Protein / Low Carb, Kosher Certified / Certified Organic"""

GROCERY = Department(
    name="grocery",
    root="Grocery & Gourmet Food",
    wanted=(49, 24, 11, 8, 5, 2, 1),
    others=(66, 22, 9, 3),
    ranges=0.0,
    skew=2,
    model=0.0,
    sized=True,
    openings="""
        The {it} from {brand} tastes of what is in it: {made} and very little else
        Open a pack for {used} and see how fast the {look} {it} is gone
        {brand} has made this {it} in small batches for three generations
        A {look} {it} for {used}, with a taste that children and grandparents agree on
        We went back to the old recipe: {made}, time, and no hurry
        """,
    fillers="""
        TASTE: The {look} {it} is made with {made} and nothing you need a dictionary for
        SERVING IDEA: Try it with fruit, in a lunch box, or on its own with a glass of milk
        PACKAGE: {size}; closed tight to keep the {it} fresh
        Store in a cool and dry place, and finish the {it} within two weeks after opening
        Perfect for {used}, and a gift that everyone is glad to get
        Made in small batches in a family kitchen that does not handle shellfish
        Find more flavors and sizes above, most at a lower price than in your store
        QUALITY: No shortcuts and no dyes, just {made} from farms that we know
        Quick to prepare, easy to share, and good for young and old
        Free of what you do not want and full of what you do
        A pack costs a few dollars and feeds the whole family
        If the {it} arrives broken or late, {brand} will send another one
        """,
    families=(
        Family(
            section="Snacks & Sweets > Snack Foods",
            looks="Crunchy, Crispy, Roasted, Salty, Sweet, Spicy, Baked, Bite Size",
            made_of="Sea Salt, Honey, Olive Oil, Paprika, Coconut, Maple",
            used_for="Movie Night, Lunch Boxes, Office, Parties, Hiking, Kids",
            traits=DIET
            + """, Fat Free / Low Calorie, Ready Eat, Individually Wrapped, Resealable Bag, Sea Salt,
                Dietary Fiber, Simple Ingredients, Natural Flavors / Natural Colors, Healthy Snack""",
            options="70 - | 10 Size | 14 Flavor Name | 12 Flavor Name, Size",
            values="Size=food packs, Flavor Name=snack flavors",
            types="""
                party mix | 5 | 6-63 | Party Mix, Snack Mix, Pretzel Mix
                popcorn | 4 | 5-54 | Kettle Corn, Popcorn Bags, Popcorn Kernels
                puffed snacks | 3 | 5-51 | Cheese Puffs, Rice Puffs, Veggie Puffs
                snack crackers | 3 | 4-48 | Rice Crackers, Seed Crackers, Cheese Crackers
                granola & nutrition bars | 4 | 8-69 | Granola Bars, Protein Bars, Nut Bars
                snack & trail mixes | 2 | 8-72 | Trail Mix, Mixed Nuts
                dried fruits & raisins | 4 | 7-66 | Dried Mango, Golden Raisins, Dried Apricots, Fruit Mix
                    | Sea Salt, High Protein, Low Carb
                fruit snacks | 2 | 5-45 | Fruit Leather, Fruit Gummies
                    | Sea Salt, High Protein
                seaweed snacks | 1 | 8-51 | Roasted Seaweed, Seaweed Chips
                """,
        ),
        Family(
            section="Snacks & Sweets > Candy, Cookies & Gifts",
            looks="Assorted, Homemade, Chewy, Rich, Colorful, Old Fashioned, Mini, Sweet",
            made_of="Cocoa, Butter, Honey, Vanilla, Hazelnut, Oat",
            used_for="Birthdays, Weddings, Holidays, Coffee Break, Baking, Thank You Gifts",
            traits=DIET
            + """, Individually Wrapped, Hand Crafted, Natural Ingredients / Simple Ingredients, Cane
                Sugar, Milk Chocolate / Dark Chocolate, Natural Colors / Natural Flavors, Baby Shower / Birthday
                Party, Valentine Day, Gift Giving""",
            options="74 - | 10 Size | 12 Flavor Name | 4 Style",
            values="Size=food packs, Flavor Name=sweet flavors, Style=gifts",
            types="""
                grocery cookies | 4 | 5-57 | Butter Cookies, Chip Cookies, Oatmeal Cookies
                candy & chocolate | 5 | 5-66 | Chocolate Truffles, Gummy Candy, Hard Candy
                food & beverage gifts | 4 | 18-144 | Gift Basket, Snack Box, Gift Tower
                snack food gifts | 3 | 16-120 | Nut Tray, Cookie Box
                    | Cane Sugar
                snack puddings & gelatins | 1 | 4-39 | Pudding Cups, Fruit Gelatin
                """,
        ),
        Family(
            section="Pantry Staples > Cake Decorations",
            looks="Glitter, Assorted, Handmade, Personalized, Colorful, Edible, Mini, Themed",
            made_of="Card Stock, Food Paper, Bamboo, Acrylic, Sugar Paste, Foil",
            used_for="Birthdays, Weddings, Kids, School Parties, Holidays, Cupcakes",
            traits="""Easy Use, High Quality, Non Toxic, Double Sided, Eco Friendly, Hand Crafted, Food Grade,
                Individually Wrapped, Cupcake Picks, Exquisite Workmanship, Baby Shower / Birthday Party, Valentine Day,
                Party Supplies""",
            options="76 - | 24 Style",
            values="Style=gifts",
            types="""
                cupcake toppers & picks | 4 | 5-33 | Cupcake Toppers, Cake Toppers, Party Picks
                """,
        ),
        Family(
            section="Beverages",
            looks="Sparkling, Cold Brewed, Instant, Classic, Fruity, Light Bodied, Smooth, Refreshing",
            made_of="Ginger, Honey, Citrus, Vanilla, Cardamom, Cinnamon",
            used_for="Breakfast, Iced Drinks, Cocktails, Dinner Parties, Office, Summer",
            traits="""Non Alcoholic, Sugar Free / Low Sugar / Zero Sugar, Caffeine Free, Gluten Free, Non GMO,
                Keto Friendly, Low Calorie, Kosher Certified / Certified Organic, Easy Prepare, Natural Flavors,
                Real Fruit, Natural Ingredients, Antioxidants Vitamins, Hot Drinks""",
            options="72 - | 12 Size | 10 Flavor Name | 12 Flavor Name, Size",
            values="Size=drink packs, Flavor Name=drink flavors",
            types="""
                beverages | 7 | 9-69 | Sparkling Water, Energy Drink, Iced Tea, Drink Mix
                    | Hot Drinks
                coffee | 3 | 8-78 | Ground Coffee, Instant Coffee, Coffee Pods
                    | Real Fruit, Non Alcoholic, Antioxidants Vitamins
                tea | 3 | 6-57 | Tea Bags, Loose Tea, Herbal Tea
                    | Real Fruit, Non Alcoholic
                alcoholic beverages & mixers | 5 | 10-96 | Cocktail Mixer, Bloody Mix, Bitters Set, Alcohol Alternative
                    | Hot Drinks, Caffeine Free
                juices | 1 | 7-60 | Apple Juice, Fruit Juice
                    | Hot Drinks, Caffeine Free, Zero Sugar
                """,
        ),
        Family(
            section="Meat, Seafood & Frozen",
            looks="Fresh, Smoked, Frozen, Sliced, Tender, Seasoned, Premium, Marinated",
            made_of="Sea Salt, Herbs, Garlic, Black Pepper, Onion, Olive Oil",
            used_for="Barbecue, Weeknight Dinner, Breakfast, Sandwiches, Family Meals, Pasta",
            traits=DIET
            + """, Ready Cook / Easy Prepare, Fully Cooked, Shelf Stable, Wild Caught / Grass Fed, Sea
                Salt, Quality Ingredients / Simple Ingredients, Real Ingredients, Protein Serving, Family Dinner""",
            options="84 - | 12 Size | 4 Flavor Name",
            values="Size=food packs, Flavor Name=savory flavors",
            types="""
                meat & seafood | 7 | 12-210 | Smoked Salmon, Beef Steaks, Canned Tuna, Pork Sausage
                    | Plant Based, Low Sugar, Sugar Free
                meat snacks | 3 | 7-72 | Beef Jerky, Turkey Sticks, Salami Bites
                    | Plant Based, Keto Friendly, Ready Cook, Easy Prepare
                meat substitutes | 5 | 6-78 | Veggie Burger, Soy Crumbles, Tofu Strips
                    | Wild Caught, Grass Fed, Soy Free
                frozen meals | 5 | 5-93 | Frozen Pizza, Frozen Dumplings, Frozen Waffles
                    | Wild Caught, Grass Fed, Shelf Stable
                """,
        ),
        Family(
            section="Dairy, Cheese & Eggs",
            looks="Fresh, Creamy, Organic, Whipped, Barista, Rich, Premium, Light Bodied",
            made_of="Honey, Maple, Vanilla, Sea Salt, Coconut, Cane Sugar",
            used_for="Coffee, Breakfast, Baking, Sandwiches, Cereal, Cheese Boards",
            traits=DIET.replace("Dairy Free / Lactose Free", "Lactose Free")
            + """, Fat Free / Low Calorie, Shelf
                Stable, Grass Fed, Easy Prepare, Quality Ingredients / Simple Ingredients, Natural Flavors, Sea Salt,
                Protein Serving""",
            options="80 - | 14 Size | 6 Flavor Name",
            values="Size=food packs, Flavor Name=sweet flavors",
            types="""
                milks & creams | 5 | 5-66 | Oat Milk, Coffee Creamer, Almond Milk, Milk Powder
                    | Sea Salt
                cheeses & dips | 3 | 7-87 | Goat Cheese, Cheese Spread, Onion Dip
                    | Plant Based, Natural Flavors
                sour creams & yogurt | 3 | 4-54 | Sour Cream, Plain Yogurt, Whipped Topping
                    | Sea Salt
                """,
        ),
        Family(
            section="Pantry & Bakery",
            looks="Stone Ground, Artisan, Whole Grain, Classic, Toasted, Savory, Traditional, Seasoned",
            made_of="Basil, Honey, Garlic, Sesame, Rosemary, Sea Salt",
            used_for="Breakfast, Baking, Soups, Camping, Salads, Toast",
            traits=DIET
            + """, Easy Prepare, Shelf Stable, Fat Free, Quality Ingredients / Natural Ingredients, Whole
                Grain, Dietary Fiber, Herbs Spices, Resealable Bag, Real Ingredients / Natural Flavors""",
            options="74 - | 14 Size | 8 Flavor | 12 Flavor, Size",
            values="Size=food packs, Flavor=savory flavors",
            types="""
                breads & bakery | 4 | 5-60 | Sandwich Bread, Sourdough Loaf, Flour Tortillas
                breakfast foods | 4 | 5-63 | Rolled Oats, Pancake Mix, Breakfast Cereal
                    | Herbs Spices
                pantry staples | 4 | 5-69 | Pasta Sauce, Olive Oil, Brown Rice, Canned Beans
                herbs, spices & seasonings | 3 | 4-51 | Garlic Powder, Spice Blend, Taco Seasoning
                    | Whole Grain, Dietary Fiber, High Protein
                sauces & condiments | 2 | 5-54 | Hot Sauce, Yellow Mustard
                    | Whole Grain, Dietary Fiber, High Protein
                applesauce & fruit cups | 1 | 5-42 | Apple Sauce, Fruit Cups
                    | Herbs Spices, Whole Grain
                """,
        ),
    ),
)
