"""Twelve short notes in the way clinicians write, with what each says: written before they were ever read by the code.

Their author is also the author of the vocabulary, so they measure less than a stranger's notes would.
"""

from collections.abc import Mapping
from typing import Any

NOTES: tuple[tuple[str, Mapping[str, Any], tuple[str, ...]], ...] = (
    # text; what it says of the patient; findings that it names and that are not the patient's present ones
    (
        "58F. 3/52 h/o mid thoracic pain, constant, worse at night. PMHx breast ca 2019. Wt loss ++. O/E tender T7, "
        "power 5/5, reflexes normal, plantars downgoing. Denies bladder or bowel symptoms.",
        {"age": 58, "sex": "female", "duration": 21, "constant_pain": "yes", "night_pain": "yes",
         "known_cancer": "yes", "cancer_type_spreads_to_bone": "yes", "weight_loss": "yes",
         "spinal_tenderness": "yes", "leg_power_reduced": "no", "hyperreflexia_or_clonus": "no", "babinski": "no",
         "urinary_retention": "no", "incontinence_new": "no"},
        (),
    ),
    (
        "34 y/o male, desk job. Gradual onset interscapular ache x 2 months, worse with prolonged sitting, eased by "
        "movement. No trauma, no fever, no weight loss. Neuro intact. Father had MI at 52.",
        {"age": 34, "sex": "male", "posture_work": "yes", "onset_speed": "gradual", "dull_ache": "yes",
         "duration": 60, "worse_with_posture": "yes", "eased_by_movement": "yes", "minor_trauma": "no",
         "major_trauma": "no", "fever": "no", "weight_loss": "no", "leg_power_reduced": "no", "sensory_level": "no",
         "family_early_heart_disease": "yes"},
        ("known_heart_disease",),
    ),
    (
        "Sudden onset tearing interscapular pain 2 hours ago, 10/10. HTN, smoker. BP 196/104 R, 160/90 L, HR 112, "
        "sats 97% RA. Sweaty. No SOB. CXR ?widened mediastinum.",
        {"onset_speed": "sudden", "tearing_pain": "yes", "duration": 0.08, "pain_now": 10,
         "high_blood_pressure": "yes", "smoking": "yes", "systolic_bp": 196, "heart_rate": 112,
         "oxygen_saturation": 97, "sweating": "yes", "breathlessness": "no"},
        ("chest_xray_wide_mediastinum",),
    ),
    (
        "CTPA to exclude PE: 27F, pleuritic R sided chest pain and SOB since yesterday, on COCP, long haul flight last "
        "week. Calves SNT. RR 22, HR 108, apyrexial. Nil haemoptysis.",
        {"age": 27, "sex": "female", "worse_deep_breath": "yes", "chest_pain_now": "yes", "breathlessness": "yes",
         "oestrogen": "yes", "long_travel": "yes", "respiratory_rate": 22, "heart_rate": 108,
         "temperature": "under_38", "fever": "no", "coughing_blood": "no"},
        ("previous_clot",),
    ),
    (
        "71M, IDDM, recent UTI. Back pain 10 days getting worse, fevers and rigors, temp 38.9. Percussion tender T9. "
        "CRP 186. Weakness of both legs since this morning, not passed urine today - in retention.",
        {"age": 71, "sex": "male", "diabetes": "yes", "recent_infection": "yes", "duration": 10,
         "getting_worse": "yes", "fever": "yes", "rigors": "yes", "temperature": 38.9, "percussion_tenderness": "yes",
         "crp_esr_raised": "yes", "leg_weakness_both": "yes", "urinary_retention": "yes"},
        (),
    ),
    (
        "Advised to return if she develops leg weakness, numbness around the saddle area or incontinence. Today no red "
        "flags, pain 4/10, mechanical, reproduced on palpation of left paraspinal muscles.",
        {"pain_now": 4, "worse_with_movement": "yes", "reproduced_by_pressing": "yes"},
        ("leg_weakness_both", "incontinence_new", "saddle_numbness"),
    ),
    (
        "45 yo woman with burning pain in a band round the right chest for 4 days then vesicular rash yesterday. "
        "Immunosuppressed (methotrexate for RA). No eye symptoms. Afebrile. Paracetamol not helping.",
        {"age": 45, "sex": "female", "burning_pain": "yes", "duration": 4, "vesicles": "yes",
         "rash_band_one_side": "yes", "immunosuppressed": "yes", "fever": "no", "paracetamol_use": "yes"},
        (),
    ),
    (
        "82F fell from standing 2 days ago. Midline tenderness T12, kyphosis. On long term prednisolone 7.5mg for PMR. "
        "Known osteoporosis on alendronate. Neurovascularly intact. Not only back pain but also height loss.",
        {"age": 82, "sex": "female", "minor_trauma": "yes", "spinal_tenderness": "yes", "steroids_long_term": "yes",
         "osteoporosis": "yes", "leg_power_reduced": "no", "height_loss": "yes"},
        (),
    ),
    (
        "22M, morning stiffness > 1 hr, better with exercise, worse with rest, alternating buttock pain 9 months. "
        "Naproxen helps. Brother has ankylosing spondylitis. Uveitis 2022. HLA-B27 positive. No psoriasis.",
        {"age": 22, "sex": "male", "morning_stiffness_30_min": "yes", "eased_by_movement": "yes",
         "low_back_or_buttock_pain": "yes", "duration": 270, "eased_by_nsaid": "yes",
         "family_spondyloarthritis": "yes", "eye_inflammation": "yes", "hla_b27": "yes",
         "psoriasis_or_bowel_inflammation": "no"},
        ("ankylosing_spondylitis_or_dish",),
    ),
    (
        "RUQ pain radiating to right scapula after fatty meals, N/V, Murphy's positive, febrile 38.2, jaundiced. "
        "LFTs deranged. USS: gallstones. Lipase normal. Cannot rule out cholangitis.",
        {"upper_belly_pain": "yes", "fatty_food_pain": "yes", "nausea_or_vomiting": "yes", "murphy_sign": "yes",
         "temperature": 38.2, "fever": "yes", "jaundice": "yes", "liver_tests_raised": "yes",
         "ultrasound_gallstones": "yes", "lipase_raised": "no"},
        (),
    ),
    (
        "61M PMH: AF on apixaban, T2DM, CKD3. Exertional chest tightness radiating to L arm and back 1 week, relieved "
        "by rest. No palpitations or LOC. ECG NAD, trop negative. FHx: mother AAA.",
        {"age": 61, "sex": "male", "blood_thinners": "yes", "diabetes": "yes", "kidney_disease": "yes",
         "worse_with_exertion": "yes", "chest_pain_now": "yes", "spread_to_left_arm": "yes", "duration": 7,
         "eased_by_rest": "yes", "palpitations": "no", "fainting": "no", "ecg_ischaemia": "no",
         "troponin_raised": "no", "family_aortic_disease": "yes"},
        ("known_aneurysm",),
    ),
    (
        "Teacher, 41. Ongoing low mood and poor sleep, fear of movement; pain on/off 3 years across upper back. "
        "Previously had shingles. Physio has not helped. Neurology normal. Imp: myofascial pain, ?facet. Plan: if new "
        "weakness or fever come back.",
        {"low_mood": "yes", "poor_sleep_unrefreshing": "yes", "fear_of_movement": "yes", "comes_and_goes": "yes",
         "duration": 1095, "shingles_before": "yes", "not_better_with_usual_treatment": "yes",
         "leg_power_reduced": "no", "sensory_level": "no"},
        ("leg_weakness_both", "fever"),
    ),
)  # fmt: skip
