"""The electronics department of the generated shop."""

from gigpo_gym.envs.webshop.assortment import Department, Family

PHOTO = """High Resolution, Easy Use, Easy Carry, Light Weight, High Definition, Quick Release / Fast Charging,
    High Speed, Aluminum Alloy, Optical Zoom, Carrying Case, Image Stabilization, Lithium Battery, Bird Watching,
    Digital Photography"""
AUDIO = """Hands Free, High Performance, Easy Use, Light Weight, Plug Play, Noise Cancelling / High Definition,
    Long Lasting, Easy Carry, Volume Control, USB Port, Carrying Case, Deep Bass, Wireless Bluetooth, Stereo Sound"""
VIDEO = """Ultra HD / 1080p HD, Easy Use, High Definition, High Speed, Plug Play, Dual Band, High Performance,
    Easy Install, USB Port, AAA Batteries, Quad Core / Power Adapter, Coaxial Cable, Home Theater, Wireless Bluetooth,
    Stereo Sound"""
POWER = """High Speed, Gold Plated, Heavy Duty, Easy Use, Plug Play, Fast Charging, Overheat Protected, Light Weight,
    Long Lasting, USB Port, Aluminum Alloy, Output Protection, LED Indicator, Home Office, Wireless Charging"""
PHONE = """Easy Install, Heavy Duty, Light Weight, Non Slip, Hands Free, Fast Charging, High Definition, Easy Carry,
    Tempered Glass, Glass Screen, Case Cover, Kickstand Function / Raised Edges, Wireless Charging, Daily Protection"""

ELECTRONICS = Department(
    name="electronics",
    root="Electronics",
    wanted=(47, 25, 12, 8, 4, 2, 1, 1),
    others=(34, 24, 18, 13, 7, 4),
    ranges=0.005,
    skew=4,
    model=0.45,
    sized=False,
    openings="""
        The {it} by {brand} does one job and does it well, for {used} or wherever you need it
        Unpack it, switch it on and forget the manual: this {look} {it} is ready in minutes
        {brand} built the {it} for {used}, with a {made} body that takes daily knocks
        A {look} {it} at a fair price, made for people who want it to work the first time
        Better pictures, better sound, fewer cables: the {it} from {brand} tidies up your evenings
        """,
    fillers="""
        WHAT IS IN THE BOX: One {it}, a short guide in six languages and a cable
        The housing is made of {made} and feels cool and solid in the hand
        Works with most brands and models; please compare the connectors before you order
        WARRANTY: {brand} repairs or replaces the {it} for two years, and our team answers within a day
        Ideal for {used}, and small enough to find a place anywhere
        Tested for two hundred hours at high load before it leaves the factory
        Please charge the {it} fully before the first use and keep it away from water
        You will not find more for a lower price, and that is a promise
        Choose color and size above; all versions have the same power inside
        Updates are free for five years and take less than ten minutes
        A sound idea for {used}, with a clear manual that fits on one page
        QUALITY: Each {it} is tested by hand before it is packed, so that you can use it at once
        If the {it} does not work with your device, you get all of your dollars back
        SIZE: {size}; please check that it is the one you need
        """,
    families=(
        Family(
            section="Camera & Photo > Cameras & Lenses",
            looks="Compact, Digital, Portable, Professional, Mirrorless, Retro, Vlogging, Beginner",
            made_of="Magnesium, Coated Glass, Polycarbonate, Aluminum, Rubber, Carbon",
            used_for="Portraits, Landscape, Travel, Weddings, Macro, Street",
            traits=PHOTO + ", 4K Video",
            options="120 - | 18 Color | 8 Style | 5 Style, Color",
            values="Color=devices, Style=camera kits",
            types="""
                digital cameras | 9 | 45-890 | Digital Camera, Vlogging Camera, Compact Camera, Kids Camera
                flashes | 7 | 18-260 | Camera Flash, Ring Light, Flash Trigger, Flash Diffuser
                    | Optical Zoom, Image Stabilization, 4K Video, High Definition, High Resolution, Bird Watching
                film photography | 2 | 12-160 | Instant Camera, Film Camera
                    | 4K Video, Image Stabilization, High Definition, Optical Zoom, Fast Charging
                underwater photography | 4 | 15-330 | Underwater Housing, Dive Light, Action Camera
                    | Optical Zoom, Bird Watching
                """,
        ),
        Family(
            section="Camera & Photo > Lenses",
            looks="Wide, Fast, Manual, Professional, Compact, Sharp, Bright, Silent",
            made_of="Magnesium, Coated Glass, Polycarbonate, Aluminum, Brass, Carbon",
            used_for="Portraits, Landscape, Travel, Weddings, Macro, Street",
            traits="""High Resolution, Light Weight, Easy Use, Optical Zoom, High Performance, Image Stabilization,
                Easy Carry, High Definition, Coated Lens, Aluminum Alloy, Carrying Case, Quick Release, Water Resistant,
                Digital Photography, Bird Watching""",
            options="112 - | 6 Color | 22 Size | 4 Style",
            values="Color=devices, Style=camera kits, Size=lens mounts",
            types="""
                lenses | 8 | 25-860 | Prime Lens, Zoom Lens, Macro Lens, Lens Filter
                """,
        ),
        Family(
            section="Camera & Photo > Accessories & Optics",
            looks="Portable, Foldable, Compact, Professional, Lightweight, Adjustable, Outdoor, Waterproof",
            made_of="Carbon Fiber, Nylon, Aluminum, Coated Glass, Brass, Rubber",
            used_for="Hiking, Hunting, Sports Games, Concerts, Stargazing, Video Calls",
            traits="""High Definition, High Resolution, Easy Use, Easy Carry, Light Weight, Non Slip, High Performance,
                Heavy Duty, Night Vision, Carrying Case, Optical Zoom, Quick Release, Aluminum Alloy, Coated Lens,
                Bird Watching, Digital Photography""",
            options="121 - | 14 Color | 14 Style | 4 Size",
            values="Color=devices, Style=camera kits, Size=pairs",
            types="""
                binoculars & scopes | 7 | 24-320 | Compact Binoculars, Spotting Scope, Night Monocular
                    | Quick Release
                telescopes | 2 | 60-420 | Refractor Telescope, Beginner Telescope
                    | Quick Release, Night Vision
                tripods & monopods | 3 | 16-180 | Travel Tripod, Phone Tripod
                    | Night Vision, Optical Zoom, Coated Lens
                """,
        ),
        Family(
            section="Camera & Photo > Lighting & Studio",
            looks="Portable, Foldable, Printed, Professional, Seamless, Washable, Large, Double",
            made_of="Vinyl, Muslin, Polyester, Canvas, Microfiber, Cotton",
            used_for="Newborns, Birthdays, Product Photos, Video Calls, Weddings, Studio",
            traits="""Light Weight, Easy Carry, High Resolution, Easy Install, High Definition, Wrinkle Free,
                Machine Wash, Printing Technology, Carrying Case, Digital Photography""",
            options="93 - | 10 Color | 50 Size",
            values="Color=tools, Size=photo sizes",
            types="""
                photo backgrounds | 3 | 9-70 | Photo Backdrop, Studio Background
                """,
        ),
        Family(
            section="Television & Video",
            looks="Smart, Portable, Mini, Wireless, Slim, Native, Outdoor, Home",
            made_of="Tempered Glass, Polycarbonate, Aluminum, Matte Fabric, Brushed Metal, PVC",
            used_for="Movie Night, Living Room, Bedroom, Classroom, Garden, Gaming",
            traits=VIDEO,
            options="127 - | 12 Color | 10 Size | 4 Style",
            values="Color=devices, Size=screen sizes, Style=plugs",
            types="""
                projectors | 9 | 58-780 | Mini Projector, Home Projector, Movie Projector
                vcrs | 8 | 22-330 | Cassette Player, Video Recorder, Video Converter, VCR Combo
                    | Quad Core, Dual Band, Ultra HD, High Speed
                blu-ray players & recorders | 3 | 38-290 | Disc Player, Ray Player
                    | Quad Core, Coaxial Cable
                dvd players & recorders | 3 | 26-180 | DVD Player, Portable Player
                    | Quad Core, Dual Band, Coaxial Cable
                streaming media players | 4 | 22-140 | Streaming Stick, Streaming Box, TV Box
                    | Coaxial Cable
                televisions | 1 | 110-900 | Smart TV, LED Television
                video glasses | 2 | 30-420 | Video Glasses, Viewer Glasses
                    | Coaxial Cable, Home Theater, Easy Install
                """,
        ),
        Family(
            section="Television & Video > Screens & Mounts",
            looks="Foldable, Portable, Adjustable, Fixed, Outdoor, Large, Slim, Strong",
            made_of="Steel, Aluminum, Matte Fabric, PVC, Iron, Nylon",
            used_for="Movie Night, Bedroom, Office, Garden, Classroom, Corner",
            traits="""Easy Install, Wall Mounted, Heavy Duty, Easy Carry, Light Weight, Easy Clean, Ultra HD,
                Space Saving, Aluminum Alloy, Carrying Case, Full Motion, Home Theater, Outdoor Movies""",
            options="113 - | 8 Color | 32 Size",
            values="Color=devices, Size=screen sizes",
            types="""
                projection screens | 3 | 26-240 | Projector Screen, Foldable Screen
                    | Full Motion
                television accessories | 3 | 12-110 | TV Mount, Wall Bracket, Swivel Mount
                    | Ultra HD, Outdoor Movies
                """,
        ),
        Family(
            section="Television & Video > Remote Controls",
            looks="Replacement, Universal, Backlit, Voice, Infrared, New, Compatible, Simple",
            made_of="ABS Plastic, Silicone, Soft Rubber, Polycarbonate, Acrylic, Matte Plastic",
            used_for="Smart TV, Soundbar, Set Top Box, Projector, Air Conditioner, Disc Player",
            traits="""Easy Use, Long Lasting, High Performance, Ultra HD / 1080p HD, Non Slip, Light Weight, Plug Play,
                AAA Batteries, Volume Control, Infrared Signal, Home Theater, Smart TV""",
            options="137 - | 10 Color | 6 Style",
            values="Color=devices, Style=pairs",
            types="""
                remotes | 5 | 7-38 | Remote Control, Replacement Remote, Universal Remote, Voice Remote
                """,
        ),
        Family(
            section="Audio > Portable & Headphones",
            looks="Portable, Wireless, Waterproof, Foldable, Mini, Retro, Outdoor, Studio",
            made_of="Memory Foam, Fabric Mesh, Aluminum, Soft Silicone, Walnut Veneer, Recycled Plastic",
            used_for="Running, Office, Beach, Camping, Kitchen, Gaming",
            traits=AUDIO + ", Water Resistant",
            options="113 - | 32 Color | 6 Style | 2 Size, Color",
            values="Color=devices, Style=plugs, Size=pairs",
            types="""
                bluetooth speakers | 5 | 16-220 | Bluetooth Speaker, Shower Speaker, Party Speaker
                headphones | 5 | 14-260 | Wireless Headphones, Studio Headphones, Sleep Headphones
                bluetooth headsets | 5 | 15-120 | Bluetooth Headset, Wireless Earbuds, Neckband Earphones
                boomboxes & portable radios | 3 | 20-150 | Portable Radio, CD Boombox, Emergency Radio
                clock radios | 2 | 16-80 | Clock Radio, Alarm Clock
                    | Noise Cancelling, Carrying Case, Deep Bass, Hands Free
                """,
        ),
        Family(
            section="Audio > Home Audio",
            looks="Powerful, Compact, Slim, Vintage, Bookshelf, Digital, Bluetooth, Modern",
            made_of="Walnut Wood, Brushed Aluminum, Black Glass, Fabric Mesh, Steel, Bamboo",
            used_for="Home Cinema, Music Room, TV Corner, Party, Vinyl Records, Karaoke",
            traits=AUDIO + ", Power Amplifier, Surround Sound",
            options="131 - | 14 Color | 6 Style | 2 Size",
            values="Color=devices, Style=plugs, Size=channels",
            types="""
                soundbars | 4 | 38-420 | Sound Bar, Compact Soundbar, TV Speaker
                home theater systems | 6 | 60-760 | Home Theater, Cinema System, Speaker System
                receivers & amplifiers | 6 | 28-640 | Stereo Receiver, Power Amplifier, Mini Amplifier
                surround sound systems | 4 | 70-700 | Surround System, Satellite Speakers
                turntables | 2 | 45-380 | Record Player, Belt Turntable
                    | Noise Cancelling, Surround Sound, High Definition, Hands Free
                cd players & recorders | 2 | 30-220 | CD Player, CD Recorder
                    | Noise Cancelling, Surround Sound, Hands Free
                multiroom wireless systems | 1 | 70-450 | Room Speaker, Streaming Speaker
                """,
        ),
        Family(
            section="Accessories & Supplies > Cables & Power",
            looks="Braided, Universal, Long, Compact, Flat, Coiled, Multi, Travel",
            made_of="Braided Nylon, Copper, Aluminum, Soft Rubber, PVC, Zinc",
            used_for="Laptop, Monitor, Game Console, Office Desk, Workshop, Car",
            traits=POWER,
            options="115 - | 10 Color | 20 Size | 8 Size, Color",
            values="Color=devices, Size=cable lengths",
            types="""
                hdmi cables | 8 | 6-46 | HDMI Cable, HDMI Adapter, Display Cable
                    | Wireless Charging, Fast Charging, LED Indicator, Overheat Protected, Output Protection, Long
                    Lasting
                power cords & adapters | 5 | 7-38 | Power Cord, AC Adapter, Power Cable
                    | Gold Plated, Wireless Charging, High Speed
                power protection | 7 | 12-210 | Surge Protector, Power Strip, Battery Backup
                    | Gold Plated, Wireless Charging, Light Weight
                chargers | 3 | 9-70 | Wall Charger, Charging Station, Charging Pad
                    | Gold Plated
                batteries | 2 | 8-60 | Rechargeable Batteries, Battery Pack
                    | Gold Plated, Wireless Charging, Aluminum Alloy, High Speed, Plug Play
                audio & video cables | 3 | 6-34 | Audio Cable, Speaker Wire, Optical Cable
                    | Wireless Charging, Fast Charging, Overheat Protected, Output Protection, LED Indicator
                """,
        ),
        Family(
            section="Cell Phones & Accessories",
            looks="Slim, Rugged, Clear, Magnetic, Shockproof, Unlocked, Matte, Cute",
            made_of="Aluminum, Polycarbonate, Titanium, Clear Resin, Carbon Fiber, Recycled Plastic",
            used_for="Office, Car, Travel, Girls, Outdoor Work, Everyday Use",
            traits=PHONE,
            options="103 - | 34 Color | 6 Size | 10 Size, Color",
            values="Color=devices, Size=phone models",
            types="""
                cell phones | 5 | 60-820 | Smart Phone, Flip Phone, Senior Phone
                    | Case Cover, Raised Edges, Kickstand Function, Daily Protection, Easy Install
                phone cases | 6 | 8-42 | Phone Case, Wallet Case, Bumper Case
                    | Fast Charging, Hands Free, High Definition, Glass Screen, Tempered Glass
                screen protectors | 5 | 6-24 | Screen Protector, Privacy Screen, Lens Protector
                    | Fast Charging, Hands Free, Kickstand Function, Raised Edges, Wireless Charging
                phone accessories | 3 | 7-46 | Phone Mount, Phone Grip, Selfie Stick
                    | Glass Screen, Tempered Glass, Case Cover, High Definition, Raised Edges
                """,
        ),
        Family(
            section="Computers & Tablets",
            looks="Portable, Wireless, Slim, Refurbished, Compact, Quiet, Fast, Dual",
            made_of="Aluminum, Magnesium, Recycled Plastic, Tempered Glass, Steel, Matte Plastic",
            used_for="School, Home Office, Drawing, Streaming, Students, Small Business",
            traits="""Easy Use, High Performance, High Speed, Light Weight, Fast Charging, USB Port, Quad Core,
                Dual Band, Touch Screen, High Resolution, Easy Carry, Solid State, 4G LTE, Home Office,
                Wireless Bluetooth""",
            options="104 - | 12 Color | 20 Size | 10 Size, Color",
            values="Color=devices, Size=storage",
            types="""
                tablets | 5 | 70-640 | Android Tablet, Drawing Tablet, Kids Tablet
                desktops & mini pcs | 2 | 140-880 | Mini PC, Desktop Computer
                    | 4G LTE, Touch Screen, Easy Carry, Fast Charging
                memory cards & readers | 2 | 8-90 | Memory Card, Card Reader, Flash Drive
                    | Touch Screen, 4G LTE, Quad Core, Dual Band, Fast Charging, High Resolution, Wireless Bluetooth
                """,
        ),
        Family(
            section="Computers & Tablets > Office & Network",
            looks="Portable, Wireless, Slim, Refurbished, Compact, Quiet, Fast, Dual",
            made_of="Aluminum, ABS Plastic, Recycled Plastic, Polycarbonate, Steel, Matte Plastic",
            used_for="School, Study, Large Houses, Reception, Students, Small Business",
            traits="""Easy Use, Easy Install, High Speed, Plug Play, High Performance, Dual Band, Light Weight,
                Touch Screen, High Resolution, USB Port, 4G LTE, Power Adapter, LED Indicator, Home Office,
                Wireless Bluetooth""",
            options="120 - | 16 Color | 8 Style",
            values="Color=devices, Style=plugs",
            types="""
                printers & scanners | 5 | 48-420 | Photo Printer, Label Printer, Document Scanner | 4G LTE
                signal boosters | 5 | 20-190 | Signal Booster, WiFi Extender, Range Extender
                    | Touch Screen, High Resolution, Wireless Bluetooth
                keyboards & mice | 2 | 12-110 | Wireless Keyboard, Wireless Mouse
                    | 4G LTE, Dual Band, High Resolution, Touch Screen, High Performance
                """,
        ),
        Family(
            section="Wearable Technology",
            looks="Smart, Slim, Sport, Waterproof, Classic, Kids, Immersive, Adjustable",
            made_of="Stainless Steel, Soft Silicone, Nylon, Aluminum, Leather, Foam",
            used_for="Running, Swimming, Sleep Tracking, Gaming, Fitness, Office",
            traits="""Easy Use, Easy Install, Hands Free, Water Resistant, Long Lasting, Light Weight, High Definition,
                Quick Release, Compatible Apple, Stainless Steel, Touch Screen, Heart Rate, Wireless Bluetooth,
                Sleep Monitoring""",
            options="105 - | 34 Color | 6 Size | 8 Size, Color",
            values="Color=devices, Size=watch sizes",
            types="""
                wearable technology | 7 | 18-290 | Smart Watch, Fitness Tracker, Smart Ring
                watch bands | 3 | 7-46 | Watch Band, Sport Band, Metal Strap
                    | Hands Free, High Definition, Touch Screen, Heart Rate, Wireless Bluetooth, Sleep Monitoring
                virtual reality | 6 | 22-430 | VR Headset, VR Glasses, Headset Strap
                    | Heart Rate, Sleep Monitoring, Stainless Steel, Water Resistant, Compatible Apple, Quick Release
                """,
        ),
        Family(
            section="Gaming, Security & Car",
            looks="Wireless, Smart, Indoor, Outdoor, Programmable, Ergonomic, Hidden, Universal",
            made_of="ABS Plastic, Tempered Glass, Aluminum, Soft Rubber, Steel, Polycarbonate",
            used_for="Front Door, Garage, Garden, Long Drives, Game Room, Baby Room",
            traits="""Easy Install, High Resolution, Plug Play, High Speed, 1080p HD, Night Vision, Hands Free,
                Dual Band, Easy Use, USB Port, Batteries Included, Touch Screen, Motion Detection, Wireless Bluetooth,
                Stereo Sound""",
            options="127 - | 16 Color | 6 Style | 4 Size",
            values="Color=devices, Style=plugs, Size=pairs",
            types="""
                video surveillance | 4 | 24-360 | Security Camera, Baby Monitor, Door Camera
                    | Stereo Sound, Hands Free, Touch Screen
                game controllers & consoles | 4 | 16-240 | Game Controller, Handheld Console, Racing Wheel
                    | Night Vision, Motion Detection, High Resolution, 1080p HD, Dual Band
                car electronics | 4 | 20-310 | Car Stereo, Dash Camera, Backup Camera
                    | Motion Detection, Batteries Included
                gaming headsets | 2 | 18-140 | Gaming Headset, Gaming Earbuds
                    | Night Vision, Motion Detection, High Resolution, 1080p HD, Dual Band, Touch Screen
                """,
        ),
    ),
)
