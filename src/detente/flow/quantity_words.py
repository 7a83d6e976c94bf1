"""Vocabulary of counted harm: verbs, adjectives and nouns by kind, and what counts or never counts persons; not a step."""

from __future__ import annotations

KILLED, WOUNDED, ARRESTED, DISPLACED, MISSING, ABDUCTED = "killed", "wounded", "arrested", "displaced", "missing", "abducted"


def _all(kind: str, words: str) -> dict[str, str]:
    return dict.fromkeys((w.replace("_", " ") for w in words.split()), kind)


# "killed 43 people", "wounding another 30": what stands right before the number.
ACTIVE = {
    **_all(KILLED, "killed killing kill kills slew slain murdered murdering murder murders massacred massacring executed executing "
    "beheaded beheading"),
    **_all(KILLED, "assassinated assassinating slaughtered slaughtering shot_dead shooting_dead gunned_down gunning_down "
    "claimed_the_lives_of hanged"),
    **_all(KILLED, "claiming_the_lives_of took_the_lives_of killing_of killings_of death_of deaths_of murder_of murders_of "
    "massacre_of execution_of"),
    **_all(KILLED, "executions_of beheading_of slaughter_of assassination_of slaying_of lynched lynching"),
    **_all(WOUNDED, "wounded wounding wound wounds injured injuring injure injures hurt hurting maimed maiming wounding_of injuring_of"),
    **_all(ARRESTED, "arrested arresting arrest arrests detained detaining detain detains rounded_up rounding_up apprehended apprehending"),
    **_all(ARRESTED, "arrest_of arrests_of detention_of detentions_of"),
    **_all(DISPLACED, "displaced displacing displace displaces uprooted uprooting displacement_of"),
    **_all(ABDUCTED, "abducted abducting abduct abducts kidnapped kidnapping kidnap kidnaps abduction_of abductions_of "
    "kidnapping_of kidnappings_of"),
}
# Right before the number, but only with the words of PUSHED_AFTER behind it.
PUSHED = frozenset("forced forcing forces force drove driving driven drive".split())
# "43 people were killed": participles that need a form of "be" (or nothing, and then no object behind).
PASSIVE = {
    **_all(KILLED, "killed slain murdered massacred executed beheaded assassinated slaughtered hanged lynched gunned_down shot_dead"),
    **_all(KILLED, "beaten_to_death stabbed_to_death burned_to_death burnt_to_death hacked_to_death crushed_to_death tortured_to_death"),
    **_all(WOUNDED, "wounded injured hurt maimed"),
    **_all(ARRESTED, "arrested detained rounded_up apprehended taken_into_custody"),
    **_all(DISPLACED, "displaced uprooted made_homeless left_homeless rendered_homeless forced_to_flee forced_from_their_homes "
    "forced_to_leave"),
    **_all(DISPLACED, "driven_from_their_homes driven_out_of_their_homes forced_out_of_their_homes forced_to_abandon"),
    **_all(ABDUCTED, "abducted kidnapped taken_hostage held_hostage"),
}
# "20 people died", "12 dead": need no auxiliary and take no object.
ALONE = {
    **_all(KILLED, "died die dead perished drowned lost_their_lives had_died"),
    **_all(DISPLACED, "fled flee fleeing homeless"),
    **_all(MISSING, "missing disappeared vanished unaccounted_for"),
}
# "12 deaths", "no injuries".
NOUNS = {
    **_all(KILLED, "deaths fatalities killings"),
    **_all(WOUNDED, "injuries"),
    **_all(ARRESTED, "arrests detentions"),
    **_all(DISPLACED, "displacements"),
    **_all(ABDUCTED, "abductions kidnappings"),
    **_all(MISSING, "disappearances"),
}
# "12 wounded soldiers".
BEFORE_NOUN = {
    **_all(WOUNDED, "wounded injured"),
    **_all(DISPLACED, "displaced"),
    **_all(MISSING, "missing"),
    **_all(ABDUCTED, "abducted kidnapped"),
    **_all(ARRESTED, "arrested detained"),
}
# First letters that a sentence must hold somewhere to count anything at all.
STEMS = (
    "kill|dead|death|die|slain|slew|murder|massacr|execut|behead|assassinat|slaughter|toll|fatalit|perish|drown|lives|lynch|hang|"
    "wound|injur|hurt|maim|"
    "arrest|detain|detention|rounded up|rounding up|apprehend|custody|displac|uproot|homeless|fled|flee|homes|missing|disappear|"
    "vanish|unaccounted|"
    "abduct|kidnap|hostage|gunn"
)
# A number before one of these counts no persons.
UNITS = frozenset(
    "percent per % day days week weeks month months year years hour hours minute minutes second seconds decade decades century "
    "centuries times "
    "km kilometer kilometers kilometre kilometres mile miles meter meters metre metres feet foot acres hectares kg kilograms tons "
    "tonnes ton "
    "dollars dollar euros euro pounds rupees yuan rubles roubles dinars cents am pm a.m p.m gmt o'clock st nd rd th "
    "houses homes buildings vehicles cars trucks tanks planes aircraft helicopters drones ships boats missiles rockets bombs shells rounds "
    "weapons guns rifles villages towns cities districts provinces countries states seats votes points goals cows cattle sheep "
    "goats camels "
    "animals livestock birds dogs horses elephants jobs shops schools churches mosques bases posts checkpoints attacks strikes airstrikes "
    "raids clashes incidents explosions bombings blasts storeys stories floors pages lives companies firms businesses banks "
    "warrants orders projects deals plans records".split()
)
# A number after one of these is a name or a date.
NAMED_BY = frozenset(
    "flight article resolution highway route number no. no unit brigade battalion division regiment group district area zone "
    "chapter section "
    "room building gate block camp page aged age ages channel bus train line law act squadron platoon stage phase level january february "
    "march april june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec $ € £ ¥ us$ "
    "# @ / :".split()
)
MONTH_WORDS = frozenset("january february march april june july august september october november december jan feb apr jun jul aug "
    "sept sep oct nov dec".split())
YEAR_LEADS = frozenset("in since by until till during from of before "
    "after".split()) | MONTH_WORDS | {"may", "march", "early", "late", "mid"}
# Persons that "a" or "an" may count.
PERSONS = frozenset(
    "person man woman child boy girl baby infant teenager youth soldier officer policeman policewoman guard gunman civilian fighter "
    "militant rebel "
    "insurgent terrorist bomber attacker protester demonstrator student teacher journalist reporter cameraman photographer driver "
    "bystander "
    "passer-by pedestrian pilot sailor marine trooper commander general colonel captain major lieutenant sergeant judge prosecutor lawyer "
    "politician lawmaker senator minister mayor governor diplomat ambassador consul activist worker farmer doctor nurse medic paramedic "
    "firefighter volunteer contractor interpreter translator peacekeeper monitor priest pastor bishop imam cleric monk nun villager "
    "resident "
    "tourist foreigner businessman trader shopkeeper fisherman herder miner engineer hostage prisoner detainee inmate suspect "
    "refugee migrant "
    "settler citizen national sheikh elder leader spokesman spokeswoman official employee member candidate passenger victim schoolgirl "
    "schoolboy schoolchild toddler mother father son daughter brother sister wife husband couple blogger editor writer scientist".split()
)
# Words that end a counted noun phrase.
STOPS = frozenset(
    "who whom whose which that were was are is be been being had has have having and or but nor when where while as after before "
    "since during "
    "by on in at near from with without for to into of over under across outside inside around among amid against between through "
    "throughout "
    "because if so than then also he she it they we you i his her its their there this these those the a an said says told "
    "according reportedly "
    "allegedly later yesterday today tonight overnight monday tuesday wednesday thursday friday saturday sunday last next remain remained "
    "remains went lay feared believed confirmed presumed reported may might could would will shall should can must did do does not "
    "including "
    "aboard on-board left lost taken held dead killed wounded injured hurt missing died die perished drowned fled flee fleeing disappeared "
    "vanished unaccounted displaced uprooted homeless arrested detained abducted kidnapped executed beheaded murdered massacred slain "
    "assassinated slaughtered shot gunned rounded beaten stabbed burned burnt hacked crushed tortured forced driven made rendered "
    "apprehended "
    "maimed hanged lynched hostage dying became become seeking still now already just only about due following "
    "killing injuring wounding leaving named called aged".split()
)
