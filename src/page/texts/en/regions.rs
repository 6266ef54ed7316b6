//! The names of regions in English.

use super::super::Regions;

#[rustfmt::skip]
pub(super) static REGIONS: Regions = &[
    ("KR", "South Korea"), ("US", "United States"), ("CA", "Canada"), ("MX", "Mexico"),
    ("BR", "Brazil"), ("AR", "Argentina"), ("CL", "Chile"), ("PE", "Peru"), ("CO", "Colombia"),
    ("JP", "Japan"), ("CN", "China"), ("TW", "Taiwan"), ("HK", "Hong Kong"), ("MO", "Macao"),
    ("MN", "Mongolia"), ("VN", "Vietnam"), ("TH", "Thailand"), ("PH", "Philippines"),
    ("ID", "Indonesia"), ("MY", "Malaysia"), ("SG", "Singapore"), ("MM", "Myanmar"),
    ("KH", "Cambodia"), ("LA", "Laos"), ("BN", "Brunei"), ("IN", "India"), ("PK", "Pakistan"),
    ("BD", "Bangladesh"), ("LK", "Sri Lanka"), ("NP", "Nepal"), ("UZ", "Uzbekistan"),
    ("KZ", "Kazakhstan"), ("KG", "Kyrgyzstan"), ("RU", "Russia"), ("UA", "Ukraine"),
    ("TR", "Türkiye"), ("IL", "Israel"), ("SA", "Saudi Arabia"), ("AE", "United Arab Emirates"),
    ("QA", "Qatar"), ("KW", "Kuwait"), ("EG", "Egypt"), ("MA", "Morocco"), ("NG", "Nigeria"),
    ("KE", "Kenya"), ("ET", "Ethiopia"), ("GH", "Ghana"), ("ZA", "South Africa"),
    ("AU", "Australia"), ("NZ", "New Zealand"), ("GB", "United Kingdom"), ("IE", "Ireland"),
    ("FR", "France"), ("DE", "Germany"), ("AT", "Austria"), ("CH", "Switzerland"),
    ("BE", "Belgium"), ("NL", "Netherlands"), ("LU", "Luxembourg"), ("ES", "Spain"),
    ("PT", "Portugal"), ("IT", "Italy"), ("GR", "Greece"), ("DK", "Denmark"), ("SE", "Sweden"),
    ("NO", "Norway"), ("FI", "Finland"), ("IS", "Iceland"), ("PL", "Poland"), ("CZ", "Czechia"),
    ("SK", "Slovakia"), ("HU", "Hungary"), ("RO", "Romania"), ("BG", "Bulgaria"),
    ("HR", "Croatia"), ("RS", "Serbia"), ("EE", "Estonia"), ("LV", "Latvia"), ("LT", "Lithuania"),
];
