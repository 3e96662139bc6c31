"""The beauty department of the generated shop."""

from gigpo_gym.envs.webshop.assortment import Department, Family

SKIN = """Natural Ingredients, Sensitive Skin, Cruelty Free, Dry Skin / Oily Skin, Easy Apply / Easy Use,
    Hyaluronic Acid, Paraben Free, Fine Lines / Dark Circles / Dead Skin, Shea Butter / Coconut Oil,
    Anti Aging / Non Greasy, Green Tea / Aloe Vera, Alcohol Free / Oil Free / Fragrance Free,
    Clinically Proven / Dermatologist Tested, Tea Tree / Seed Oil, Travel Size"""
BODY = SKIN.replace("Fine Lines / Dark Circles / Dead Skin", "Dead Skin").replace("Hyaluronic Acid", "Essential Oils")
MAKEUP = """Long Lasting, Cruelty Free, Easy Apply, Highly Pigmented, Paraben Free, Easy Carry / Travel Size,
    High Quality, Water Resistant, Natural Ingredients, Seed Oil / Hyaluronic Acid, Sensitive Skin / Dry Skin,
    Eye Shadow / Stage Makeup"""
HAIR_CARE = """Natural Ingredients, Damaged Hair, Sulfate Free, Hair Growth / Hair Loss, Dry Hair / Oily Scalp,
    Cruelty Free, Argan Oil / Coconut Oil, Easy Use, Natural Hair / Curly Hair, Paraben Free, Tea Tree / Aloe Vera,
    Color Safe, Green Tea / Hyaluronic Acid, Clinically Proven, Travel Size"""
TOOLS = """High Quality, Easy Use, Stainless Steel, Easy Clean, Easy Carry, Hair Removal / Hair Styling, Rose Gold,
    Non Slip, Long Lasting, Storage Case, Long Handle, Beauty Salon, Eco Friendly, Double Sided"""
ORAL = """Oral Hygiene, Easy Use, Bad Breath / Fresh Breath, Sensitive Teeth, Natural Ingredients, BPA Free,
    Soft Bristles, Fluoride Free, Clinically Proven, Tooth Decay, Travel Size, Tea Tree / Coconut Oil, Cruelty Free,
    Long Lasting, Non Toxic"""

BEAUTY = Department(
    name="beauty",
    root="Beauty & Personal Care",
    wanted=(40, 22, 16, 10, 7, 2, 2, 1),
    others=(52, 24, 13, 7, 3, 1),
    ranges=0.02,
    skew=2,
    model=0.04,
    sized=True,
    openings="""
        The {it} from {brand} turns a few minutes at the mirror into the calm part of the day
        We made this {look} {it} for {used} and for people who read labels
        {brand} keeps things simple: one {it}, a short list of what is inside, and no empty promises
        A {look} {it} that looks good on the shelf and earns its place there
        From the first use the {it} by {brand} feels gentle, and it stays that way
        """,
    fillers="""
        WHAT YOU GET: One {look} {it} in a recycled box, sealed for freshness
        Made with {made} and tested by our own team for half a year before it was sold
        A thoughtful gift for birthdays, Mother's Day or a friend who needs an evening off
        HOW TO USE: Begin with a small amount, see how it feels, and build it into your routine
        Suits women and men of every age, and works well for {used}
        Store the {it} in a cool and dry place, away from the sun
        OUR PROMISE: Write to {brand} within thirty days if you are not happy, and we will make it right
        You will find the full list of what is inside on the back, in large print
        Choose the color, scent or size that suits you best; the price is the same for most of them
        Lower in price than what you find in the salon, and made in the same house
        Our customers like the {it} with other {look} products of the same line
        Light in the bag and quick to use, a friend for {used} and for long trips
        SIZE: {size}; small enough for the bathroom shelf and large enough to last
        """,
    families=(
        Family(
            section="Hair Care > Shampoo & Treatments",
            looks="Nourishing, Smoothing, Gentle, Daily, Intensive, Volumizing, Repairing, Professional",
            made_of="Keratin, Biotin, Rosemary, Honey, Oat Milk, Castor",
            used_for="Daily Wash, Fine Hair, Thick Hair, Women and Men, Salon Care, After Swimming",
            traits=HAIR_CARE,
            options="96 - | 22 Size | 8 Scent | 6 Scent, Size | 6 Color",
            values="Size=fluid, Scent=scents, Color=hair shades",
            types="""
                shampoo & conditioner | 4 | 7-48 | Moisturizing Shampoo, Daily Conditioner, Shampoo Bar
                hair masks | 6 | 6-44 | Hair Mask, Deep Conditioner, Overnight Mask
                scalp treatments | 3 | 8-40 | Scalp Serum, Scalp Scrub, Scalp Tonic
                hair treatment oils | 3 | 7-42 | Hair Oil, Hair Serum, Oil Treatment
                hair loss products | 6 | 9-80 | Growth Serum, Hair Tonic, Growth Shampoo
                styling products | 6 | 6-34 | Styling Gel, Curl Cream, Hair Spray, Edge Control
                hair coloring products | 5 | 5-30 | Hair Dye, Root Spray, Color Kit
                leave-in conditioners | 2 | 8-30 | Detangling Spray, Conditioning Milk
                """,
        ),
        Family(
            section="Hair Care > Extensions & Accessories",
            looks="Silky, Soft, Natural Looking, Wavy, Straight, Curly, Elegant, Fashion",
            made_of="Human Hair, Synthetic Fiber, Satin, Microfiber, Velvet, Silk",
            used_for="Cosplay, Party, Daily Wear, Wedding, Sleeping, Sports",
            traits="""High Quality, Easy Use, Long Lasting, Easy Carry, Heat Resistant, Light Weight, Quick Drying,
                Synthetic Hair / Human Hair, Elastic Band, Hair Extensions, Natural Hair / Curly Hair, Dry Hair,
                Hair Loss, Hair Styling""",
            options="78 - | 34 Color | 12 Size | 14 Size, Color",
            values="Color=hair shades, Size=hair lengths",
            types="""
                hair extensions & wigs | 8 | 12-160 | Hair Extensions, Lace Wig, Ponytail Extension, Clip Extensions
                hair ties & clips | 2 | 4-18 | Hair Clips, Hair Ties, Claw Clip
                    | Heat Resistant, Synthetic Hair, Human Hair, Hair Extensions, Hair Loss
                hair towels & wraps | 3 | 7-26 | Hair Towel, Hair Wrap, Sleep Bonnet
                    | Heat Resistant, Synthetic Hair, Human Hair, Hair Extensions, Hair Loss
                """,
        ),
        Family(
            section="Tools & Accessories > Hair Tools",
            looks="Professional, Cordless, Rechargeable, Compact, Ceramic, Barber, Quiet, Portable",
            made_of="Titanium, Ceramic, Carbon Fiber, Boar Hair, Bamboo, Tourmaline",
            used_for="Barber Shop, Home Use, Travel, Men and Women, Kids, Beginners",
            traits=TOOLS + ", Heat Resistant, Damaged Hair, Hair Cutting",
            options="100 - | 24 Color | 8 Style | 6 Size",
            values="Color=tools, Style=sets, Size=pieces",
            types="""
                hair cutting tools | 3 | 9-85 | Hair Clippers, Hair Scissors, Beard Trimmer
                    | Heat Resistant, Damaged Hair, Hair Removal
                styling tools & appliances | 2 | 18-140 | Hair Dryer, Flat Iron, Curling Wand
                    | Hair Cutting, Hair Removal, Double Sided
                combs & brushes | 2 | 5-28 | Detangling Brush, Paddle Brush, Wide Comb
                    | Heat Resistant, Hair Removal, Hair Cutting
                shave & hair removal | 5 | 7-70 | Safety Razor, Wax Strips, Electric Shaver, Wax Warmer
                    | Heat Resistant, Damaged Hair, Hair Cutting, Hair Styling
                """,
        ),
        Family(
            section="Skin Care > Face & Eyes",
            looks="Hydrating, Brightening, Soothing, Firming, Gentle, Overnight, Daily, Calming",
            made_of="Retinol, Niacinamide, Collagen, Rice Water, Cucumber, Ceramides",
            used_for="Face and Neck, Morning and Night, Women and Men, Mature Skin, Travel, Every Day",
            traits=SKIN,
            options="102 - | 22 Size | 8 Scent | 6 Style",
            values="Size=fluid, Scent=scents, Style=sets",
            types="""
                face creams & moisturizers | 3 | 8-75 | Face Cream, Night Cream, Gel Moisturizer
                face serums | 2 | 9-80 | Face Serum, Facial Ampoule, Night Serum
                eyes care | 5 | 8-60 | Eye Cream, Eye Patches, Eye Serum
                lip care | 2 | 4-20 | Lip Balm, Lip Mask, Lip Butter
                    | Dark Circles, Oily Skin, Fine Lines
                makeup remover | 10 | 5-28 | Cleansing Balm, Makeup Wipes, Micellar Water, Cleansing Pads
                cleansers & toners | 2 | 6-38 | Foaming Cleanser, Facial Toner, Face Wash
                sunscreens & tanning products | 1 | 9-36 | Mineral Sunscreen, Tanning Mousse
                skin care sets & kits | 5 | 15-90 | Facial Kit, Starter Set, Gift Set
                """,
        ),
        Family(
            section="Skin Care > Body",
            looks="Hydrating, Exfoliating, Softening, Refreshing, Rich, Gentle, Soothing, Creamy",
            made_of="Sea Salt, Oat Milk, Cocoa Butter, Rice Bran, Vitamin E, Honey",
            used_for="Hands and Feet, After Shower, Elbows, Winter Skin, Spa Day, Whole Family",
            traits=BODY,
            options="92 - | 22 Size | 16 Scent | 8 Scent, Size",
            values="Size=fluid, Scent=scents",
            types="""
                scrubs & body treatments | 5 | 7-40 | Body Scrub, Sugar Scrub, Body Polish
                body care | 5 | 6-38 | Body Lotion, Body Butter, Body Oil
                foot, hand & nail care | 5 | 5-30 | Hand Cream, Foot Mask, Cuticle Oil, Foot Peel
                maternity skin care | 4 | 9-42 | Belly Butter, Stretch Cream, Nursing Balm
                body wash & soap | 1 | 5-28 | Body Wash, Bar Soap, Shower Gel
                deodorants & antiperspirants | 7 | 5-24 | Deodorant Stick, Roll On, Deodorant Spray, Deodorant Balm
                    | Dead Skin, Dry Skin, Oily Skin, Anti Aging
                bath salts & soaks | 2 | 8-36 | Bath Bombs, Bath Salts, Foot Soak
                    | Anti Aging, Oily Skin
                """,
        ),
        Family(
            section="Makeup",
            looks="Matte, Glossy, Shimmer, Velvet, Creamy, Glitter, Professional, Sheer",
            made_of="Mica, Vitamin E, Jojoba, Beeswax, Rice Powder, Shea",
            used_for="Party, Office, Wedding, Girls, Stage, Everyday Looks",
            traits=MAKEUP,
            options="84 - | 40 Color | 8 Size | 6 Style",
            values="Color=cosmetics, Size=pieces, Style=sets",
            types="""
                lips makeup | 6 | 4-32 | Liquid Lipstick, Lip Gloss, Lip Liner, Lip Stain
                    | Eye Shadow
                eyes makeup | 5 | 5-30 | Eyeliner Pen, Volume Mascara, Brow Gel, Brow Pencil
                makeup palettes | 6 | 6-58 | Eyeshadow Palette, Contour Palette, Blush Palette
                face makeup | 2 | 7-44 | Liquid Foundation, Setting Powder, Face Primer
                    | Eye Shadow
                body makeup | 4 | 5-26 | Body Glitter, Body Shimmer, Face Paint
                    | Eye Shadow
                makeup sets | 2 | 14-70 | Makeup Kit, Makeup Set
                false eyelashes & nails | 2 | 5-24 | False Eyelashes, Press Nails, Lash Clusters
                    | Seed Oil, Hyaluronic Acid, Dry Skin, Highly Pigmented, Natural Ingredients, Eye Shadow
                nail polish & nail art | 4 | 5-34 | Gel Polish, Nail Stickers, Nail Lamp
                    | Eye Shadow, Dry Skin, Hyaluronic Acid, Sensitive Skin
                """,
        ),
        Family(
            section="Tools & Accessories > Makeup & Skin Tools",
            looks="Professional, Compact, Foldable, Portable, Lighted, Reusable, Soft, Handheld",
            made_of="Bamboo, Silicone, Acrylic, Recycled Plastic, Beech, Microfiber",
            used_for="Travel, Dressing Table, Home Spa, Women and Girls, Bathroom, Handbag",
            traits=TOOLS + ", Sensitive Skin, Eye Shadow, Dead Skin / Fine Lines",
            options="100 - | 26 Color | 8 Size | 4 Style",
            values="Color=tools, Size=pieces, Style=sets",
            types="""
                makeup brushes & tools | 3 | 6-40 | Makeup Brushes, Blending Sponge, Eyelash Curler
                    | Hair Removal, Hair Styling, Dead Skin, Fine Lines
                mirrors | 5 | 8-70 | Makeup Mirror, Compact Mirror, Vanity Mirror
                    | Dead Skin, Fine Lines, Sensitive Skin, Eye Shadow
                skin care tools | 4 | 8-75 | Face Roller, Facial Brush, Face Massager
                    | Hair Styling, Eye Shadow
                cotton balls & swabs | 3 | 4-18 | Cotton Rounds, Cotton Swabs, Cotton Pads
                    | Stainless Steel, Rose Gold, Long Handle, Non Slip, Hair Removal, Hair Styling, Fine Lines
                bathing accessories | 7 | 5-30 | Bath Brush, Shower Cap, Exfoliating Gloves, Bath Pillow
                    | Stainless Steel, Rose Gold, Eye Shadow, Hair Removal, Hair Styling, Fine Lines
                """,
        ),
        Family(
            section="Tools & Accessories > Bags & Containers",
            looks="Clear, Portable, Hanging, Empty, Refillable, Mini, Foldable, Large",
            made_of="Glass, Silicone, Aluminum, Nylon, Vegan Leather, Plastic",
            used_for="Shampoo and Lotion, Toiletries, Business Trips, Perfume, Gym, Weekend",
            traits="""Leak Proof, BPA Free, Easy Carry, Easy Clean, High Quality, Travel Size, Eco Friendly, Non Toxic,
                Water Resistant, Light Weight, Travel Bottles, Spray Nozzle, Storage Case, Rose Gold, Nail Polish,
                Essential Oils""",
            options="90 - | 24 Color | 18 Size | 6 Color, Size",
            values="Color=tools, Size=pieces",
            types="""
                refillable containers | 8 | 5-26 | Spray Bottles, Pump Bottles, Cream Jars, Dropper Bottles
                toiletry bags & cases | 6 | 8-48 | Toiletry Bag, Makeup Bag, Cosmetic Case
                    | Spray Nozzle, Nail Polish, Essential Oils, BPA Free
                """,
        ),
        Family(
            section="Oral Care",
            looks="Whitening, Gentle, Daily, Advanced, Refreshing, Soft, Charcoal, Herbal",
            made_of="Xylitol, Clove, Bamboo Charcoal, Baking Soda, Sage, Sea Salt",
            used_for="Adults, Kids, Braces, Dentures, Daily Use, Travel",
            traits=ORAL,
            options="100 - | 16 Color | 16 Size | 6 Style",
            values="Color=tools, Size=oral packs, Style=sets",
            types="""
                toothpaste | 8 | 4-24 | Whitening Toothpaste, Enamel Toothpaste, Tooth Powder
                    | Soft Bristles, BPA Free
                dental floss & picks | 6 | 4-22 | Dental Floss, Floss Picks, Interdental Brushes
                    | Soft Bristles, Fluoride Free
                children's dental care | 6 | 4-30 | Kids Toothbrush, Kids Toothpaste, Training Toothbrush
                mouthwash | 3 | 5-22 | Mouth Rinse, Mouth Spray, Breath Drops
                    | Soft Bristles, BPA Free
                toothbrushes & accessories | 2 | 5-70 | Electric Toothbrush, Bamboo Toothbrush
                    | Fluoride Free, Natural Ingredients, Tea Tree, Coconut Oil
                denture care | 3 | 6-26 | Denture Cleaner, Denture Box, Retainer Tablets
                    | Soft Bristles, Fluoride Free, Tooth Decay, Sensitive Teeth, Coconut Oil, Tea Tree,
                    Natural Ingredients
                tongue cleaners | 2 | 5-16 | Tongue Scraper, Tongue Brush
                    | Fluoride Free, Natural Ingredients, Tea Tree, Coconut Oil, Sensitive Teeth, Tooth Decay
                teeth whitening | 1 | 12-60 | Whitening Strips, Whitening Pen
                    | Soft Bristles
                orthodontic supplies | 3 | 6-24 | Retainer Case, Orthodontic Wax, Aligner Chewies
                    | Soft Bristles, Fluoride Free, Tooth Decay, Natural Ingredients, Coconut Oil, Tea Tree
                """,
        ),
        Family(
            section="Fragrance",
            looks="Floral, Woody, Fresh, Warm, Fruity, Musky, Elegant, Mini",
            made_of="Jasmine, Bergamot, Cedar, Vanilla, Patchouli, Iris",
            used_for="Date Night, Office, Summer, Gifts, Evening, Handbag",
            traits="""Long Lasting, Cruelty Free, Alcohol Free, Travel Size, High Quality, Easy Carry, Paraben Free,
                Non Toxic, Essential Oils, Natural Ingredients, Spray Nozzle, Sensitive Skin, Special Occasions""",
            options="102 - | 18 Size | 10 Scent | 8 Style",
            values="Size=fluid, Scent=scents, Style=sets",
            types="""
                women's fragrance | 5 | 14-120 | Eau Parfum, Eau Toilette, Body Mist
                men's fragrance | 3 | 14-110 | Eau Toilette, Cologne Spray
                sets fragrance | 4 | 18-110 | Perfume Set, Sampler Set
                """,
        ),
        Family(
            section="Salon & Spa Equipment",
            looks="Professional, Complete, Adjustable, Sterile, Beginner, Portable, Rotary, Compact",
            made_of="Steel, Aluminum, Titanium, Vinyl, Copper Coil, Silicone",
            used_for="Artists, Salons, Students, Studio, Home Use, Shops",
            traits=TOOLS + ", Heavy Duty, Permanent Makeup, Height Adjustable",
            options="108 - | 18 Color | 12 Style",
            values="Color=tools, Style=sets",
            types="""
                piercing & tattoo supplies | 5 | 7-110 | Tattoo Machine, Tattoo Needles, Piercing Kit
                    | Hair Removal, Hair Styling, Long Handle, Height Adjustable
                salon & spa equipment | 1 | 40-300 | Salon Chair, Massage Table, Salon Trolley
                    | Permanent Makeup, Hair Removal, Rose Gold, Long Handle, Storage Case
                """,
        ),
    ),
)
