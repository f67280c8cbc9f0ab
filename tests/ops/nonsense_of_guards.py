"""What the settings that keep programs and spam out must not be, and those where anything goes."""

NAMES = {
    "HEED_CAPTCHA_SITE_KEY",
    "HEED_CAPTCHA_SECRET",
    "HEED_TRANSLATE_MODEL",
    "HEED_TRANSLATE_KEY",
}
GUARDS = {
    "HEED_CAPTCHA": ["nonsense", "yes", "turnstile"],
    "HEED_CAPTCHA_AT": ["nonsense", "posts,everywhere", "posts reports"],
    "HEED_CAPTCHA_WORK": ["nonsense", "0", "999", "1e6"],
    "HEED_CAPTCHA_SCRIPT_URL": ["nonsense", "captcha.example"],
    "HEED_CAPTCHA_VERIFY_URL": ["nonsense", "captcha.example"],
    "HEED_CHECKER_URL": ["nonsense", "checker.example", "https://checker.example"],
    "HEED_CHECKER_SECRET": ["nonsense", "whsec_c2hvcnQ="],
    "HEED_TRANSLATE_URL": ["nonsense", "api.example/v1", "https://api.example/v1"],
    "HEED_TRANSLATE_CLOSED": ["nonsense", "2"],
    "HEED_CHECKER_FOR": ["nonsense", "everybody"],
}
