"""The fashion department of the generated shop."""

from gigpo_gym.envs.webshop.assortment import Department, Family

CLOTHES = """Machine Wash / Hand Wash, Long Sleeve / Short Sleeve,
    Polyester Spandex / Cotton Spandex / Polyester Cotton,
    Classic Fit / Slim Fit / Regular Fit / Relaxed Fit / Loose Fit, Daily Wear / Everyday Wear, Wash Cold,
    Button Closure / Zipper Closure, Needle Sleeve, Cotton Heather, Polyester Heathers, Gym Workout / Teen Girls,
    Officially Licensed / Easy Care, Fleece Lined / Moisture Wicking, Stretch Fabric / Soft Material, Quick Drying,
    Unique Design, Long Lasting, Tumble Dry"""
MEN = CLOTHES.replace("Gym Workout / Teen Girls", "Gym Workout / Outdoor Sports")
BOTTOMS = """Machine Wash / Hand Wash, Elastic Waistband / Drawstring Closure / Button Closure,
    Slim Fit / Loose Fit / Relaxed Fit / Regular Fit, High Waist / Elastic Waist,
    Polyester Spandex / Nylon Spandex / Cotton Spandex, Daily Wear / Everyday Wear, Tummy Control,
    Straight Leg / Wide Leg, Gym Workout, Moisture Wicking, Wash Cold, Stretch Fabric, Butt Lifting, Zipper Pockets,
    Quick Drying, Easy Care, Teen Girls, Tumble Dry"""
MEN_BOTTOMS = BOTTOMS.replace(", Tummy Control", "").replace(", Butt Lifting", "").replace(", Teen Girls", "")
UNDERWEAR = """Machine Wash / Hand Wash, Nylon Spandex / Cotton Spandex / Polyester Spandex, Daily Wear, High Waist,
    Elastic Waistband / Elastic Closure, Stretch Fabric / Soft Material, Teen Girls, Tummy Control, Moisture Wicking,
    Quality Polyester, Butt Lifting, Loose Fit, Wash Cold, Unique Design, Quick Drying, Easy Care, Tumble Dry"""
MEN_UNDERWEAR = UNDERWEAR.replace(", Tummy Control", "").replace(", Butt Lifting", "").replace(", Teen Girls", "")
SHOES = """Non Slip / Slip Resistant / Anti Slip, Rubber Sole / Rubber Outsole / Leather Sole, Arch Support,
    Daily Wear / Everyday Wear, High Heel / Low Heel, Memory Foam, Open Toe / Closed Toe, Ankle Strap / Lace Closure,
    Faux Fur / Faux Leather, Day Comfort, Light Weight, Ethylene Vinyl, Easy Clean, Water Resistant, Comfortable Fit,
    Cushioned Insole, Fleece Lined, Wide Feet"""
MEN_SHOES = SHOES.replace(", High Heel / Low Heel", "").replace("Open Toe / ", "").replace("Ankle Strap / ", "")

TOP_OPTIONS = "20 - | 34 Size, Color | 26 Color, Size | 8 Size | 2 Color | 14 Fit Type, Color, Size"
OPTIONS = "20 - | 42 Size, Color | 30 Color, Size | 9 Size | 4 Color"
SHOE_OPTIONS = "38 - | 24 Size, Color | 16 Color, Size | 20 Size | 2 Color"

FASHION = Department(
    name="fashion",
    root="Clothing, Shoes & Jewelry",
    wanted=(15, 20, 23, 16, 12, 4, 4, 3, 2, 1),
    others=(44, 22, 14, 9, 6, 5),
    ranges=0.45,
    skew=2,
    model=0.0,
    sized=True,
    openings="""
        The {it} by {brand} is the piece you reach for when the day is long and the bag is packed
        A {look} {it} for {used}, cut to move with you and to keep its shape
        {brand} makes clothes that are simple to wear: this {it} goes with almost all you own
        Soft {made} and a clean cut make the {look} {it} easy to like and hard to take off
        For {used}: a {look} {it} that looks good now and after many summers
        """,
    fillers="""
        FABRIC: Made with {made} that feels good on the skin from the first hour
        SIZE: Please check the chart before ordering; choose one size up if you like it roomy
        OCCASION: Just right for {used}, a walk in town or a quiet evening
        MATCH: Goes well with jeans, shorts, a skirt or whatever you feel like today
        Imported
        Find your size and color above; large sizes have the same price as small ones
        DESIGN: A {look} look with details that you find on far more expensive pieces
        CARE: Easy to wash, quick to dry, and no need to iron if you hang it up at once
        Fits women and men who like to move, from the gym to the sofa
        Lower the price of your wardrobe: one {it}, ten outfits
        Soft, light and warm enough for spring, autumn and mild winter days
        The {it} makes a welcome gift for family and friends
        SERVICE: If the {it} does not suit you, send it back to {brand} within thirty days
        Seams are sewn twice, so that the {it} holds even where it is pulled most
        """,
    families=(
        Family(
            section="Men > Clothing > Tops",
            looks="Casual, Vintage, Graphic, Striped, Plain, Athletic, Big and Tall, Crewneck",
            made_of="Cotton, Jersey, Polyester, Linen, Bamboo, Wool Blend",
            used_for="Men, Work, Summer, Golf, Vacation, Weekend",
            traits=MEN,
            options=TOP_OPTIONS,
            values="Color=apparel, Size=letters, Fit Type=fits",
            types="""
                men's t-shirts & tanks | 10 | 7-34 | Graphic Tee, Pocket Tee, Muscle Shirt, Cotton Tee
                men's dress shirts | 6 | 14-58 | Dress Shirt, Oxford Shirt, Formal Shirt
                    | Fleece Lined, Moisture Wicking, Officially Licensed, Gym Workout, Zipper Closure
                men's henleys & polos | 6 | 12-46 | Henley Shirt, Polo Shirt, Golf Shirt
                men's button-down shirts | 3 | 14-52 | Flannel Shirt, Hawaiian Shirt, Linen Shirt
                men's sweaters | 6 | 16-70 | Pullover Sweater, Knit Cardigan, Turtleneck Sweater
                    | Short Sleeve, Needle Sleeve, Polyester Heathers
                men's fashion hoodies & sweatshirts | 5 | 16-62 | Pullover Hoodie, Zip Hoodie, Crewneck Sweatshirt
                men's jackets & coats | 4 | 28-150 | Bomber Jacket, Winter Coat, Rain Jacket
                    | Short Sleeve, Needle Sleeve, Polyester Heathers, Cotton Heather
                men's suits & sport coats | 3 | 40-190 | Sport Coat, Suit Jacket, Tuxedo Vest
                    | Short Sleeve, Needle Sleeve, Polyester Heathers, Cotton Heather, Gym Workout, Outdoor Sports
                """,
        ),
        Family(
            section="Men > Clothing > Bottoms",
            looks="Casual, Cargo, Stretch, Tapered, Athletic, Plaid, Ripped, Big and Tall",
            made_of="Cotton, Denim, Twill, Linen, Fleece, Polyester",
            used_for="Men, Hiking, Gym, Beach, Work, Running",
            traits=MEN_BOTTOMS,
            options=OPTIONS,
            values="Color=apparel, Size=letters / waists",
            types="""
                men's shorts | 12 | 10-42 | Cargo Shorts, Gym Shorts, Swim Trunks, Denim Shorts
                men's pants | 5 | 15-62 | Jogger Pants, Cargo Pants, Chino Pants
                men's jeans | 2 | 22-80 | Skinny Jeans, Straight Jeans
                """,
        ),
        Family(
            section="Men > Clothing > Underwear & Sleep",
            looks="Breathable, Seamless, Soft, Ribbed, Printed, Thermal, Athletic, Basic",
            made_of="Modal, Cotton, Bamboo, Microfiber, Merino, Mesh",
            used_for="Men, Sleeping, Sport, Travel, Winter, Every Day",
            traits=MEN_UNDERWEAR,
            options=OPTIONS,
            values="Color=apparel, Size=letters / tall letters",
            types="""
                men's underwear | 7 | 9-42 | Boxer Briefs, Trunk Underwear, Thermal Set
                men's sleep & lounge | 4 | 14-52 | Pajama Set, Lounge Pants, Bath Robe
                men's socks | 3 | 8-28 | Ankle Socks, Crew Socks
                    | High Waist, Elastic Waistband, Loose Fit
                """,
        ),
        Family(
            section="Men > Shoes",
            looks="Casual, Breathable, Lightweight, Classic, Outdoor, Suede, Canvas, Comfortable",
            made_of="Leather, Suede, Canvas, Mesh, Microfiber, Wool Felt",
            used_for="Men, Walking, Office, Beach, Hiking, Driving",
            traits=MEN_SHOES,
            options=SHOE_OPTIONS,
            values="Color=apparel, Size=men's shoes",
            types="""
                men's loafers & slip-ons | 5 | 22-98 | Penny Loafers, Slip Ons, Driving Moccasins
                    | Lace Closure
                men's sandals | 4 | 16-75 | Sport Sandals, Flip Flops, Slide Sandals
                    | Fleece Lined, Lace Closure, Closed Toe, Water Resistant
                men's fashion sneakers | 4 | 24-110 | Casual Sneakers, Canvas Shoes, High Tops
                    | Leather Sole
                men's boots | 2 | 38-150 | Chelsea Boots, Work Boots
                men's outdoor & athletic shoes | 3 | 30-130 | Running Shoes, Hiking Shoes, Walking Shoes
                    | Leather Sole, Fleece Lined
                """,
        ),
        Family(
            section="Women > Clothing > Tops",
            looks="Casual, Floral, Boho, Oversized, Vneck, Cropped, Tie Dye, Plus Size",
            made_of="Chiffon, Cotton, Rayon, Knit, Lace, Fleece",
            used_for="Women, Summer, Work, Party, Fall, Leggings",
            traits=CLOTHES,
            options=TOP_OPTIONS,
            values="Color=apparel, Size=letters, Fit Type=fits",
            types="""
                women's tops, tees & blouses | 6 | 9-38 | Tunic Tops, Blouse Shirt, Peplum Top, Graphic Tee
                women's fashion hoodies & sweatshirts | 7 | 13-52 | Zip Hoodie, Crewneck Sweatshirt, Cropped Hoodie
                women's sweaters | 4 | 16-62 | Pullover Sweater, Open Cardigan, Sweater Vest
                    | Short Sleeve, Needle Sleeve, Gym Workout
                women's bodysuit tops | 3 | 10-36 | Bodysuit Top, Mesh Bodysuit
                women's coats, jackets & vests | 3 | 26-140 | Puffer Jacket, Trench Coat, Denim Jacket
                    | Short Sleeve, Needle Sleeve, Gym Workout, Cotton Heather, Polyester Heathers
                women's suiting & blazers | 1 | 28-110 | Office Blazer, Suit Blazer
                    | Short Sleeve, Needle Sleeve, Gym Workout, Fleece Lined, Cotton Heather, Polyester Heathers
                """,
        ),
        Family(
            section="Women > Clothing > Dresses & Swimwear",
            looks="Casual, Floral, Boho, Sexy, Strapless, Elegant, Plus Size, Wrap",
            made_of="Chiffon, Denim, Rayon, Linen, Cotton, Satin",
            used_for="Women, Beach, Wedding, Vacation, Cocktail, Summer",
            traits=CLOTHES.replace("Polyester Heathers", "Open Back") + ", High Waist, Tummy Control",
            options=OPTIONS,
            values="Color=apparel, Size=letters / dress sizes",
            types="""
                women's dresses | 7 | 14-72 | Maxi Dress, Midi Dress, Cocktail Dress, Sun Dress
                    | Needle Sleeve, Officially Licensed, Gym Workout, Fleece Lined
                women's jumpsuits, rompers & overalls | 3 | 15-58 | Wide Jumpsuit, Denim Overalls, Summer Romper
                    | Needle Sleeve, Officially Licensed, Fleece Lined
                women's swimsuits & cover ups | 7 | 14-56 | Bikini Set, Swim Dress, Cover Up, Tankini Set
                    | Needle Sleeve, Fleece Lined, Cotton Heather, Button Closure, Zipper Closure
                """,
        ),
        Family(
            section="Women > Clothing > Bottoms",
            looks="Casual, Floral, Stretchy, Ripped, Pleated, Cropped, Plus Size, Athletic",
            made_of="Denim, Rayon, Linen, Cotton, Twill, Jersey",
            used_for="Women, Beach, Yoga, Running, Office, Weekend",
            traits=BOTTOMS,
            options=OPTIONS,
            values="Color=apparel, Size=letters / dress sizes",
            types="""
                women's shorts | 5 | 9-38 | Biker Shorts, Denim Shorts, Running Shorts
                women's pants | 4 | 14-54 | Yoga Pants, Palazzo Pants, Dress Pants
                women's jeans | 1 | 22-78 | Skinny Jeans, Flare Jeans
                women's leggings & activewear | 4 | 13-52 | Workout Leggings, Capri Leggings, Running Tights
                women's skirts | 1 | 12-48 | Pleated Skirt, Pencil Skirt
                """,
        ),
        Family(
            section="Women > Clothing > Lingerie, Sleep & Socks",
            looks="Soft, Lace, Seamless, Satin, Fuzzy, Printed, Sheer, Cute",
            made_of="Modal, Lace, Satin, Nylon, Cotton, Plush",
            used_for="Women, Sleeping, Honeymoon, Home, Winter, Sport",
            traits=UNDERWEAR,
            options=OPTIONS,
            values="Color=apparel, Size=letters",
            types="""
                women's lingerie, sleep & lounge | 8 | 10-46 | Pajama Set, Sleep Shirt, Lace Lingerie, Night Gown
                women's socks & hosiery | 9 | 6-28 | Crew Socks, Knee Socks, Sheer Tights, Fuzzy Socks
                    | Butt Lifting, Elastic Waistband, Loose Fit
                women's bras & panties | 2 | 10-42 | Wireless Bra, Cotton Panties
                """,
        ),
        Family(
            section="Women > Shoes",
            looks="Casual, Pointed, Breathable, Elegant, Chunky, Lightweight, Suede, Comfortable",
            made_of="Leather, Suede, Canvas, Knit Mesh, Cork, Patent Leather",
            used_for="Women, Office, Walking, Wedding, Garden, Nurses",
            traits=SHOES,
            options=SHOE_OPTIONS,
            values="Color=apparel, Size=women's shoes",
            types="""
                women's pumps | 6 | 18-92 | Stiletto Pumps, Block Heels, Kitten Heels
                    | Fleece Lined, Lace Closure, Water Resistant, Light Weight
                women's mules & clogs | 6 | 18-84 | Garden Clogs, Slide Mules, Platform Mules
                    | Lace Closure, Ankle Strap
                women's fashion sneakers | 4 | 22-98 | Platform Sneakers, Slip Ons, Canvas Shoes
                    | High Heel, Low Heel, Open Toe, Leather Sole, Ankle Strap
                women's flats & oxfords | 5 | 18-86 | Ballet Flats, Oxford Shoes, Loafer Flats
                    | High Heel, Open Toe
                women's work & safety footwear | 2 | 34-120 | Work Shoes, Safety Boots
                    | High Heel, Open Toe, Ankle Strap
                women's slippers | 2 | 11-46 | House Slippers, Slide Slippers
                    | High Heel, Low Heel, Lace Closure, Leather Sole, Ankle Strap
                women's sandals | 2 | 15-72 | Wedge Sandals, Flat Sandals
                    | Fleece Lined, Lace Closure, Closed Toe
                women's boots | 2 | 28-130 | Ankle Boots, Tall Boots
                    | Open Toe, Ankle Strap
                women's outdoor shoes | 2 | 28-115 | Walking Shoes, Trail Shoes
                    | High Heel, Low Heel, Open Toe, Ankle Strap, Leather Sole
                """,
        ),
    ),
)
