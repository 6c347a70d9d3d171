"""Eight more notes, written after the faults of the first twelve were mended: letters, ambulance sheets, shorthand.

At first reading 65 of their 88 findings were right, 23 missed and none wrong (docs/decisions/0019). Some of what was
missed has been mended since; what is still missed is left as it is.
"""

from collections.abc import Mapping
from typing import Any

LETTERS: tuple[tuple[str, Mapping[str, Any], tuple[str, ...]], ...] = (
    (
        "Dear colleague, thank you for seeing this 49-year-old lorry driver with a three month history of mid-thoracic "
        "back pain. It is dull, worse after long drives, and eases when he lies down. He is a smoker of 20 a day and "
        "has well controlled hypertension on ramipril. There is no history of malignancy and he denies any bladder or "
        "bowel disturbance. On examination there was paraspinal muscle spasm but no bony tenderness. Power was normal.",
        {"age": 49, "sex": "male", "duration": 90, "dull_ache": "yes", "worse_with_posture": "yes",
         "eased_lying_down": "yes", "smoking": "yes", "high_blood_pressure": "yes", "nsaid_clashing_medicines": "yes",
         "known_cancer": "no", "incontinence_new": "no", "urinary_retention": "no", "knot_or_spasm": "yes",
         "spinal_tenderness": "no", "leg_power_reduced": "no"},
        (),
    ),
    (
        "EMS: 70 y/o F c/c sudden severe pain between shoulder blades while gardening 45 min ago. Pt pale, "
        "diaphoretic, near-syncope. BP 88/50 L arm, 120/70 R arm, HR 118, RR 26, SpO2 94% RA. Hx AAA, HTN, on Eliquis "
        "for afib.",
        {"age": 70, "sex": "female", "onset_speed": "sudden", "pain_now": "severe", "pale_or_mottled": "yes",
         "sweating": "yes", "fainting": "yes", "systolic_bp": 88, "heart_rate": 118, "respiratory_rate": 26,
         "oxygen_saturation": 94, "known_aneurysm": "yes", "high_blood_pressure": "yes", "blood_thinners": "yes",
         "duration": 0.03},
        (),
    ),
    (
        "ROS: neg for F/C, N/V, CP, SOB, urinary sx. Pos for NS and 15 lb wt loss over 2 mo. PMH: breast CA s/p "
        "mastectomy 2018. FH: sister w/ ovarian CA. SH: never smoker. PE: TTP over T8 spinous process, 5/5 strength "
        "BLE, no saddle anesthesia, 2+ DTRs.",
        {"fever": "no", "rigors": "no", "nausea_or_vomiting": "no", "chest_pain_now": "no", "breathlessness": "no",
         "night_sweats": "yes", "weight_loss": "yes", "known_cancer": "yes", "cancer_type_spreads_to_bone": "yes",
         "smoking": "no", "spinal_tenderness": "yes", "leg_power_reduced": "no", "saddle_numbness": "no"},
        (),
    ),
    (
        "A&E triage: 19M fell from motorbike at 40mph, thoracic spine pain 9/10, tender T6 with step, moving all "
        "limbs, sensation intact, no LOC. GCS 15. Obs stable.",
        {"age": 19, "sex": "male", "major_trauma": "yes", "pain_now": 9, "spinal_tenderness": "yes",
         "step_or_deformity": "yes", "sensory_level": "no", "fainting": "no"},
        (),
    ),
    (
        "Ward review day 3. Fevers settled, last spike 38.4 overnight. Back pain persists, worse on movement. Blood "
        "cultures grew Staph aureus. MRI whole spine confirms T7/8 discitis, no epidural collection, no cord "
        "compression. Known IVDU. Plan: 6 weeks IV fluclox, watch for leg weakness or retention.",
        {"worse_with_movement": "yes", "blood_culture_positive": "yes", "mri_infection": "yes",
         "mri_cord_compression": "no", "iv_drug_use": "yes", "temperature": 38.4},
        ("leg_weakness_both", "urinary_retention"),
    ),
    (
        "Physio: office worker, 31F, R periscapular ache 6/52, VAS 5/10, agg: desk work, neck rotation; ease: heat, "
        "massage. Nil P&N, nil weakness. PMH nil. Thoracic rotation restricted, TPs in rhomboids. Mother RA.",
        {"age": 31, "sex": "female", "posture_work": "yes", "dull_ache": "yes", "duration": 42, "pain_now": 5,
         "worse_moving_neck": "yes", "eased_by_heat_or_massage": "yes", "leg_weakness_both": "no",
         "trigger_points": "yes", "segmental_stiffness": "yes"},
        (),
    ),
    (
        "Tel consult: mum worried about 11yo girl, back pain at night wakes her for 3 weeks, limping this week, off "
        "games. No temp. Looks pale. No injury. Maternal aunt had leukaemia. Advised A&E if she loses power in legs.",
        {"age": 11, "sex": "female", "night_pain": "yes", "duration": 21, "refuses_to_walk_or_limp": "yes",
         "fever": "no", "pale_or_mottled": "yes", "minor_trauma": "no"},
        ("known_cancer", "leg_weakness_both", "leg_power_reduced"),
    ),
    (
        "34/40 G2P1, epigastric pain through to back since this morning, headache and blurred vision, BP 168/108, "
        "swollen face and hands. Urine dip protein +++. Denies PV bleed. No chest pain or SOB.",
        {"pregnant": "yes", "pregnant_over_20_weeks": "yes", "upper_belly_pain": "yes", "spread_to_upper_belly": "yes",
         "headache": "yes", "visual_disturbance": "yes", "systolic_bp": 168, "swelling_face_hands": "yes",
         "vaginal_bleeding_or_missed_period": "no", "chest_pain_now": "no", "breathlessness": "no",
         "duration": "under_1_day"},
        (),
    ),
)  # fmt: skip
