"""What the attributes of a generated shop's products mean, by where they stand in an instruction.

As in upstream's synthetic instructions some are said before the thing, some with `with` and some with `for`. Each has a
sentence for the product's page; {it} is the thing.
"""

from gigpo_gym.envs.webshop.assortment import lines

BEFORE = """
1080p HD: Sharp pictures in full 1080p, with colours that look as they should on every HD screen
4K Video: Records 4K video at thirty frames, so that every detail of the day is kept
Air Purifying: A quiet helper that keeps the air of a room fresh while it grows
Alcohol Free: Free of drying alcohol, it leaves a soft and comfortable feel
Anti Aging: Works against the signs of aging and helps you look as young as you feel
Anti Slip: Deep grooves grip wet floors, an anti slip pattern you can rely on
Assembly Required: Some assembly is required; two people are done in about half an hour
Batteries Included: Batteries are included, so it works as soon as the box is open
BPA Free: Made of material free of BPA that is safe for all the family
Butt Lifting: The seam at the back has a lifting effect and shows off your curves
Caffeine Free: Contains no caffeine at all and can be enjoyed late in the evening
Certified Organic: Grown without sprays on certified organic farms that we visit each year
Clean Burning: Burns clean and even, without smoke, down to the last hour
Clinically Proven: Proven in clinical studies over eight weeks, with results you can see
Color Safe: Gentle on dyed strands; it keeps the color bright and safe
Compatible Apple: Pairs in seconds and is compatible with Apple phones and tablets
Cruelty Free: No cruelty, ever: we never test on animals, at no step of the work
Dairy Free: Made without milk or butter, all the taste and no dairy
Day Comfort: A soft bed keeps you in comfort all day long, from breakfast to midnight
Dermatologist Tested: Tested by dermatologists and found mild enough for daily care
Double Sided: The {it} can be used on both sides, so you get twice the life out of it
Dual Band: Dual band wireless at 2.4 and 5 GHz holds a stable connection through walls
Easy Apply: Glides on evenly and is easy to apply without a brush or a mirror
Easy Assemble: Numbered parts and one tool make the {it} easy to assemble
Easy Care: Asks for very little and is easy to care for, even if you forget it at times
Easy Carry: Folds small, fits in a bag and is easy to carry wherever you go
Easy Clean: Spills wipe away with a damp cloth, so the {it} is easy to clean
Easy Install: All you need is in the box, and it is easy to install in a few minutes
Easy Prepare: Ready in five minutes and easy to prepare, even for a beginner
Easy Use: Clear and simple: the {it} is easy to use from the first try
Eco Friendly: Made with eco friendly material and packed without plastic
Energy Efficient: Efficient LED technology uses a tenth of the energy of an old bulb
Fade Resistant: Keeps its colours in the sun and after many washes, it does not fade
Fast Charging: Fast charging gives hours of use after a few minutes at the plug
Fat Free: Contains zero grams of fat in every serving, a treat free of regret
Fleece Lined: Lined with warm fleece for cold mornings and long winters
Fluoride Free: A mild formula without fluoride that children may use as well
Food Grade: All parts that touch the cake are made of food grade material
Fragrance Free: No perfume and no fragrance, only what your skin needs
Fully Assembled: Arrives fully assembled; take it out of the box and enjoy
Fully Cooked: Fully cooked and ready to eat after a short time in the pan
Gluten Free: Baked and packed in a gluten free kitchen, safe for sensitive stomachs
Gold Plated: Gold plated plugs resist rust and give a clean signal
Grass Fed: From grass fed herds that spend the summer on green hills
Hand Crafted: Each piece is crafted by hand and a little different from the next
Hand Painted: Painted by hand by our artists, layer by layer, on a firm ground
Hand Wash: Hand wash in cold water and lay flat to dry
Hands Free: Keeps your hands free while you cook, drive or work
Heat Resistant: Resists heat up to 350 degrees, so hot tools do it no harm
Heavy Duty: Heavy duty build: the {it} carries more than you will ever ask of it
Height Adjustable: The height is adjustable in five steps to suit every user
High Definition: High definition brings out fine detail and rich contrast
High Density: High density foam keeps its shape for years and does not sag
High Performance: A strong chip inside gives high performance without delay
High Protein: A high share of protein keeps you going until the next meal
High Quality: High quality in every detail, checked twice before it leaves our house
High Resolution: A sensor of high resolution makes large prints look crisp
High Speed: High speed transfer without drops, for films and large files
Highly Pigmented: Highly pigmented colour that needs only one stroke
Image Stabilization: Image stabilization calms shaky hands and keeps every shot steady
Individually Wrapped: Every piece is individually wrapped to share or to take along
Keto Friendly: Fits a keto friendly kitchen, with few carbs and good fats
Kosher Certified: Certified kosher under the eye of a rabbi at every stage
Lactose Free: The lactose is taken out, the full taste stays in
Lead Free: Free of lead and other metals you do not want in your home
Leak Proof: A tight seal makes it leak proof, even upside down in your luggage
Light Weight: At such a light weight you will forget that you have it with you
Long Lasting: Made to be long lasting: the {it} looks new after a thousand uses
Loose Fit: A loose fit with room to move, never tight
Low Calorie: Low in calories, so that a second helping is no sin
Low Carb: Only three grams of sugar and starch, a low carb choice
Low Sugar: Low in sugar, we let the other ingredients speak
Machine Wash: Machine wash cold with like colours, then hang up
Machine Washable: The cover is machine washable and comes out as good as new
Mid Century: Clean mid century lines with slim legs and warm tones
Moisture Wicking: Wicks moisture away from the skin and keeps you cool and dry
Noise Cancelling: Noise cancelling microphones shut out the train and the street
Noise Free: Joints with soft pads keep it free of noise when you turn at night
Non Alcoholic: All the taste of the bar in a non alcoholic glass
Non GMO: Only seeds without gene technology, a non GMO promise we keep
Non Greasy: A light, non greasy finish that is gone in seconds
Non Slip: A non slip surface keeps the {it} where it belongs
Non Toxic: Non toxic and without smell, safe around children and pets
Nut Free: Made in a house that is free of any nut
Officially Licensed: An officially licensed design, printed with permission of the artist
Oil Free: Free of oil, it never leaves a shine or clogs pores
Open Back: An open back with crossed straps for warm days
Overheat Protected: A sensor keeps it protected and switches off before it can overheat
Paraben Free: Kept fresh without parabens, paraben free down to the last drop
Pet Safe: Safe for every pet that likes to nibble at what is new
Plant Based: All that is in it is based on plants, and you would not guess
Plug Play: Plug it in and play: no driver, no setup, no trouble
Quick Drying: Quick drying fibre is ready again an hour after the rain
Quick Release: A quick release lever lets you change it with one hand
Ready Cook: Cut, seasoned and ready to cook straight from the pack
Ready Eat: Open and enjoy, ready to eat at home or on the road
Ready Hang: Hooks are mounted at the back, so it is ready to hang
Shelf Stable: Shelf stable for a year, good to have when guests come
Slim Fit: A slim fit that follows the body without pinching
Slip Resistant: Slip resistant treads hold on wet tiles and on ice
Solid State: Solid state memory inside, no moving parts and no noise
Soy Free: Made without soy in any form, soy free from seed to pack
Space Saving: A space saving design for small rooms and narrow corners
Straight Leg: Cut with a straight leg from hip to hem
Sugar Free: No sugar added and none needed, it is sugar free and still sweet
Sulfate Free: A mild foam without sulfates, sulfate free and kind to the scalp
Super Soft: Super soft to the touch, you will not want to get up again
Travel Size: The handy travel size passes every security check
Ultra HD: Ultra HD resolution with four times the detail of old screens
Wall Mounted: Wall mounted, it leaves the floor free and takes up no room
Wash Cold: Wash cold and inside out to keep the print fresh
Water Resistant: Water resistant, a shower of rain or a splash does no harm
Wide Leg: A wide leg that swings with every step
Wild Caught: Wild caught in cold northern seas and packed the same day
Wrinkle Free: The cloth stays free of wrinkles, even after months in a drawer
Zero Sugar: Zero sugar and full flavor, for everybody who counts
"""

WITH = """
AAA Batteries: Runs for months on two AAA batteries, which every shop has
Adjustable Shelves: Adjustable shelves make room for tall and for small things
Aloe Vera: Cool aloe vera calms the skin after sun and shaving
Aluminum Alloy: A body of aluminum alloy, light in the hand and hard to scratch
Ankle Strap: An ankle strap with a small buckle keeps the foot in place
Antioxidants Vitamins: Rich in antioxidants and vitamins from ripe fruit
Arch Support: Firm arch support takes the load off heel and knee
Argan Oil: Argan oil from the south gives shine without weight
Box Spring: Twelve strong slats, so that no box spring is needed
Bronze Finish: The bronze finish glows softly by day and by night
Button Closure: A row of small buttons makes a neat closure at the front
Cane Sugar: Sweetened with a little cane sugar and nothing else
Carrying Case: Comes with a padded carrying case that takes the cables too
Case Cover: A case and a cover in one, fitted to every port
Ceramic Pot: Planted in a ceramic pot with a saucer in the same glaze
Classic Fit: The classic fit that has been right for fifty years
Clear Glass: Clear glass lets all of the glow through and is quick to wipe
Closed Toe: A closed toe keeps out stones, dust and rain
Coated Lens: Each lens is coated in five layers for a bright view
Coaxial Cable: Comes with ten feet of coaxial cable, ready to screw on
Coconut Oil: Coconut oil from the first pressing keeps it smooth
Comfortable Fit: A comfortable fit from the first step, no breaking in
Contemporary Style: A contemporary style, plain and warm, that suits old houses too
Cooling Gel: A layer of cooling gel takes the heat away in summer
Cotton Blend: A cotton blend that breathes and is kind to the cheek
Cotton Heather: In heather tones: ninety parts cotton, ten parts polyester
Cotton Spandex: Cotton with a little spandex gives way where you need it
Cupcake Picks: Two dozen picks for as many cupcakes, packed in a tin
Cushioned Insole: A cushioned insole softens every step on hard ground
Dark Chocolate: Dipped in dark chocolate of seventy percent
Deep Bass: Deep bass you can feel, and voices that stay clear
Dietary Fiber: Six grams of dietary fiber to keep you full
Drainage Holes: Drainage holes let the roots breathe after watering
Drawstring Closure: A drawstring closure sets the waist as you like it
Elastic Band: A wide elastic band holds without pulling
Elastic Closure: An elastic closure that gives and comes back
Elastic Waist: An elastic waist that stays up and does not cut in
Elastic Waistband: A broad elastic waistband lies flat under every shirt
Engineered Wood: Engineered wood with a hard surface that resists stains
Essential Oils: Scented with essential oils alone, drop by drop
Ethylene Vinyl: Soles of ethylene vinyl are light and spring back
Exquisite Workmanship: Exquisite workmanship shows in every joint and edge
Faux Fur: Faux fur as thick and warm as the real one
Faux Leather: Faux leather that looks the part and wipes clean
Fleece Throw: A thick fleece throw to wrap up two on the couch
Full Motion: A full motion arm turns, tilts and swings to any seat
Glass Jar: Poured into a glass jar that you can fill again
Glass Screen: Guards the glass of the screen from keys and coins
Glass Shade: A glass shade, blown by mouth, spreads a warm glow
Green Tea: Extract of green tea wakes up tired skin
Heart Rate: Reads your heart rate day and night and warns you in time
Herbs Spices: A blend of herbs and spices from our own fields
Hidden Zipper: A hidden zipper at the edge, out of sight and smooth
High Heel: A high heel of four inches that is steadier than it looks
High Waist: A high waist that shapes and stays put when you bend
Human Hair: Real human hair that you may wash, cut and curl
Hyaluronic Acid: Hyaluronic acid holds a thousand times its weight in water
Infrared Signal: A strong infrared signal reaches across thirty feet
Kickstand Function: A kickstand function props it up for films and calls
Lace Closure: A lace closure, from loose to firm in one pull
Leather Sole: A leather sole, stitched and not glued
LED Indicator: An LED indicator shows the charge at one look
Light Fixture: A complete light fixture with bulb socket and canopy
Linen Shade: A linen shade gives soft shadows in the evening
Lithium Battery: A lithium battery with power for a whole weekend
Long Handle: A long handle reaches the middle of the back
Long Sleeve: Long sleeves with ribbed cuffs for cool days
Low Heel: A low heel that you can dance in until morning
Lumbar Support: Lumbar support where the back asks for it
Memory Foam: Memory foam takes on your form and remembers it
Metal Frame: A metal frame, welded by hand and coated against rust
Milk Chocolate: With a thick coat of creamy milk chocolate
Natural Colors: Natural colors from beet and carrot instead of dyes
Natural Flavors: Natural flavors of fruit and root, not from a lab
Natural Ingredients: Only natural ingredients with names you know
Needle Sleeve: Double needle stitching on sleeve and hem
Nickel Finish: The brushed nickel finish goes with taps and handles
Nylon Spandex: A mix of nylon and spandex, smooth as a second skin
Open Toe: An open toe for warm evenings and painted nails
Optical Zoom: Twelve times optical zoom brings the far side near
Output Protection: Output protection against short circuit and high voltage
Pocket Springs: Nine hundred pocket springs move one by one
Polyester Cotton: Half polyester, half cotton: easy to iron and strong
Polyester Heathers: Heathers in polyester that look woven and dry fast
Polyester Spandex: Polyester and spandex stretch four ways and come back
Power Adapter: The power adapter for all sockets is part of the set
Power Amplifier: A power amplifier of eighty watts fills a large room
Printing Technology: Modern printing technology gives colours that do not rub off
Protein Serving: Twenty grams of protein in each serving
PU Leather: Covered in PU leather that is soft and free of creases
Pull Chain: A pull chain switches it on without a search for the button
Quad Core: A quad core processor starts apps in a blink
Quality Ingredients: Quality ingredients, bought from growers we know by name
Quality Polyester: Quality polyester that does not pill or fade
Raised Edges: Raised edges keep screen and camera off the table
Real Fruit: Real fruit in every bottle, you can see the pieces
Real Ingredients: Real ingredients that your grandmother would know
Regular Fit: A regular fit, neither tight nor wide
Relaxed Fit: A relaxed fit for days without plans
Remote Control: Comes with a remote control for brightness and timer
Resealable Bag: The resealable bag keeps what is left crisp
Rose Gold: Details in rose gold that do not wear off
Rubber Outsole: A rubber outsole with deep tread for any ground
Rubber Sole: A flexible rubber sole that is quiet on stairs
Sea Salt: Finished with flakes of sea salt from the coast
Seed Oil: Cold pressed seed oil sinks in at once
Shea Butter: Rich shea butter protects from wind and cold
Short Sleeve: Short sleeves that stay in place
Simple Ingredients: Five simple ingredients, and you can taste each one
Soft Bristles: Soft bristles with rounded ends spare the gums
Soft Material: A soft material that is a joy on bare skin
Solid Wood: Solid wood with a grain that is different on each piece
Soy Wax: Soy wax, poured in small batches, burns slow and clean
Spray Nozzle: A fine spray nozzle spreads a mist and not drops
Stainless Steel: Stainless steel that keeps its shine and never rusts
Steel Frame: A thick steel frame that holds eight hundred pounds
Storage Case: A storage case keeps it free of dust between uses
Storage Space: Plenty of storage space behind doors and on open boards
Storage Unit: Works alone or side by side as a storage unit
Stretch Fabric: Stretch fabric that follows when you reach and bend
Surround Sound: True surround sound from every corner of the room
Synthetic Hair: Synthetic hair that looks real and holds its curl
Tea Tree: Tea tree clears and refreshes without sting
Tempered Glass: Tempered glass, nine times as hard as the plain kind
Touch Screen: A bright touch screen that obeys wet fingers too
Travel Bottles: Four travel bottles with labels and a funnel
Tummy Control: Tummy control panels smooth the middle
Unique Design: A unique design you will not meet at the next party
USB Port: An extra USB port feeds a second device
Volume Control: Volume control by a wheel you find in the dark
White Finish: A white finish, three coats, that wipes clean
White Item: This white item brightens up dark corners
Whole Grain: Whole grain, milled slowly between stones
Wood Frame: A wood frame of dry beech that does not warp
Zipper Closure: A smooth zipper closure from hem to collar
Zipper Pockets: Zipper pockets keep keys and phone safe
"""

FOR = """
Baby Shower: Made for a baby shower, with boys and girls in mind
Back Pain: Brings relief for back pain after a few nights
Bad Breath: Fights bad breath at its root and not only on top
Beauty Salon: Used in many a beauty salon, and at home as well
Bird Watching: A fine companion for bird watching at dawn
Birthday Party: Brings life to a birthday party of any age
Curly Hair: Gives curly hair bounce and keeps off frizz
Daily Protection: Daily protection from drops, dust and scratches
Daily Wear: Made for daily wear, at the office and after
Damaged Hair: Mends damaged hair from root to tip
Dark Circles: Makes dark circles fade after short nights
Dead Skin: Lifts off dead skin and leaves a fresh glow
Digital Photography: A must for digital photography, in the field or at home
Dining Room: Looks just as good in the dining room
Dry Hair: Brings dry hair back to life and shine
Dry Skin: Gives dry skin the moisture that it misses
Everyday Wear: For everyday wear, in town or in the country
Eye Shadow: Blends eye shadow without a hard edge
Family Dinner: Feeds the whole table at a family dinner
Fine Lines: Smooths fine lines around eyes and mouth
Fresh Breath: Gives fresh breath that lasts until lunch
Gift Giving: Wrapped with a ribbon and right for gift giving
Guest Room: A good idea for the guest room as well
Gym Workout: Goes along with every gym workout, squat or sprint
Hair Cutting: For hair cutting at home, as neat as at the barber
Hair Extensions: Blends with your own hair like the best extensions
Hair Growth: Wakes up the roots and supports hair growth
Hair Loss: Slows down hair loss and strengthens what is there
Hair Removal: Gentle hair removal on legs, arms and face
Hair Styling: Makes hair styling quick on busy mornings
Healthy Snack: A healthy snack between meals for young and old
Home Decoration: A fine home decoration for shelf, sill or wall
Home Office: Fits the home office as if it had been made there
Home Theater: Turns any room into a home theater
Hot Drinks: Good for hot drinks in winter and iced ones in July
Living Room: Becomes the quiet star of the living room
Motion Detection: Motion detection sends a note to your phone at once
Nail Polish: Holds nail polish, remover and small tools
Natural Hair: Cares for natural hair, thick, fine or coiled
Night Vision: Night vision shows a hundred feet in the dark
Oily Scalp: Balances an oily scalp and adds a day between washes
Oily Skin: Takes the shine off oily skin without drying it
Oral Hygiene: Part of good oral hygiene, morning and evening
Outdoor Movies: Great for outdoor movies on a summer night
Outdoor Sports: Made for outdoor sports in sun and wind
Party Supplies: Completes your party supplies in a minute
Permanent Makeup: Made for permanent makeup, brows and lips
Sensitive Skin: Kind to sensitive skin, even behind the ears
Sensitive Teeth: Gentle on sensitive teeth and sore gums
Sleep Monitoring: Sleep monitoring shows how deep your nights are
Smart TV: Controls every smart TV of the last ten years
Special Occasions: For special occasions and for days that should be one
Stage Makeup: Strong enough for stage makeup and long shows
Stereo Sound: Two drivers give stereo sound with a wide stage
Teen Girls: A favourite of teen girls and their mothers
Tooth Decay: Guards against tooth decay day and night
Tumble Dry: Comes out well if you tumble dry it on low heat
Valentine Day: Says more than words on Valentine day
Wide Feet: Room enough for wide feet and thick socks
Wireless Bluetooth: Wireless Bluetooth up to sixty feet without drops
Wireless Charging: Works with wireless charging, no need to take it off
4G LTE: Takes any 4G LTE card and keeps you online
"""


def _sentences(table: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines(table))


SENTENCES = _sentences(BEFORE) | _sentences(WITH) | _sentences(FOR)
ROLES = {name: role for role, table in (("before", BEFORE), ("with", WITH), ("for", FOR)) for name in _sentences(table)}
