#!/usr/bin/env python3
"""Understands English phrases and digits with PocketSphinx, on this machine and without a network.

    apt-get install python3-pocketsphinx pocketsphinx-en-us

    [speech]
    recognizer = { command = ["/usr/bin/python3", "phrases.py"], languages = ["en"] }

It speaks the protocol of the book's page "Recognisers". What callers may say becomes a grammar, so it is quick and
needs little; what it hears is always the nearest of that grammar, and what is too far from it counts as not understood.
"""

import array
import json
import os
import re
import sys

from pocketsphinx import Decoder

MODEL = os.environ.get("POCKETSPHINX_MODEL", "/usr/share/pocketsphinx/model/en-us")
DIGITS = "(one | two | three | four | five | six | seven | eight | nine | zero | oh | double | triple)"
NUMBERS = (
    "(one | two | three | four | five | six | seven | eight | nine | zero | ten | eleven | twelve | thirteen"
    " | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty | thirty | forty | fifty | sixty"
    " | seventy | eighty | ninety | hundred | thousand | and)"
)
FORMS = {
    "digits": DIGITS + "+",
    "phone": "[plus] " + DIGITS + "+",
    "number": NUMBERS + "+",
    "yes_no": "yes | yeah | yes please | correct | no | no thanks | wrong",
}
# Scores of a frame of 10 ms: below the first nothing was understood, at the second it is sure.
FAR, NEAR = -31.0, -18.0
# Frames after which the beginning of a phrase counts as a word.
WORD = 40


def decoder():
    config = Decoder.default_config()
    config.set_string("-hmm", os.path.join(MODEL, "en-us"))
    config.set_string("-dict", os.path.join(MODEL, "cmudict-en-us.dict"))
    config.set_string("-logfn", os.devnull)
    return Decoder(config)


def grammar(ears, request):
    """What may be said, in JSGF; nothing where no word of it is known."""
    choices = []
    for phrase in request["phrases"]:
        words = re.sub(r"[^a-z' ]", " ", phrase.lower()).split()
        if words and all(ears.lookup_word(word) for word in words):
            choices.append(" ".join(words))
    if request["form"] in FORMS:
        choices.append(FORMS[request["form"]])
    if not choices:
        return None
    return "#JSGF V1.0;\ngrammar said;\npublic <said> = " + " | ".join(choices) + " ;\n"


def doubled(audio, last):
    """Samples of 8 kHz as 16 kHz, which the model was made for; and the last of them."""
    samples = array.array("h", audio)
    twice = array.array("h", bytes(4 * len(samples)))
    for at, sample in enumerate(samples):
        twice[2 * at] = (last + sample) // 2
        twice[2 * at + 1] = sample
        last = sample
    return twice.tobytes(), last


def confidence(ears, hypothesis):
    """From 0 for the farthest to 1; less than nothing when it is too far."""
    score = hypothesis.best_score / max(ears.n_frames(), 1)
    return min((score - FAR) / (NEAR - FAR), 1.0)


def say(**answer):
    print(json.dumps(answer), flush=True)


def main():
    ears, listening, last, worded = decoder(), False, 0, False
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        number = request["id"]
        if "language" in request:
            text = grammar(ears, request) if request["language"].startswith("en") else None
            if text is None:
                say(id=number, error="no grammar for this question in " + request["language"])
                continue
            ears.set_jsgf_string("said", text)
            ears.set_search("said")
            ears.start_utt()
            listening, last, worded = True, 0, False
        elif "audio" in request:
            audio = sys.stdin.buffer.read(request["audio"])
            if not listening:
                continue
            twice, last = doubled(audio, last)
            ears.process_raw(twice, False, False)
            heard = ears.hyp()
            if heard and heard.hypstr and not worded and ears.n_frames() > WORD and confidence(ears, heard) > 0:
                worded = True
                say(id=number, word=True)
        elif listening:
            ears.end_utt()
            listening = False
            if "end" in request:
                heard = ears.hyp()
                sure = confidence(ears, heard) if heard and heard.hypstr else -1
                known = [{"text": heard.hypstr, "confidence": round(sure, 2)}] if sure > 0 else []
                say(id=number, hypotheses=known)


if __name__ == "__main__":
    main()
