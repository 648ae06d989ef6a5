"""New text, quoted text and signature told apart, in the forms that mail programs write."""

import pytest

from cordboard.channels.email.understanding.quotes import divide

NEW = "Thank you, that works.\n\nCould you also send the invoice?"

QUOTES = {
    "Gmail, English": "On Mon, Nov 23, 2026 at 10:12 AM Support <support@centre.example> wrote:\n\n> Dear Ann,\n> please try again.\n",
    "Gmail, English, wrapped": "On Mon, Nov 23, 2026 at 10:12 AM Support of the Centre <support@centre.example>\nwrote:\n\n> Dear Ann,\n",
    "Gmail, French": "Le lun. 23 nov. 2026 à 10:12, Support <support@centre.example> a écrit :\n\n> Bonjour Ann,\n",
    "Gmail, French, no-break blank": "Le lun. 23 nov. 2026 à 10:12, Support <support@centre.example> a écrit\u202f:\n\n> Bonjour\n",
    "Gmail, German": "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Support <support@centre.example>:\n\n> Guten Tag\n",
    "Gmail, Spanish": "El lun, 23 nov 2026 a las 10:12, Support (<support@centre.example>) escribió:\n\n> Hola\n",
    "Gmail, Italian": "Il giorno lun 23 nov 2026 alle ore 10:12 Support <support@centre.example> ha scritto:\n\n> Ciao\n",
    "Gmail, Dutch": "Op ma 23 nov. 2026 om 10:12 schreef Support <support@centre.example>:\n\n> Hallo\n",
    "Gmail, Portuguese": "Em seg., 23 de nov. de 2026 às 10:12, Support <support@centre.example> escreveu:\n\n> Olá\n",
    "Apple Mail": "> On 23 Nov 2026, at 10:12, Support <support@centre.example> wrote:\n> \n> Dear Ann\n",
    "Apple Mail, French": "> Le 23 nov. 2026 à 10:12, Support <support@centre.example> a écrit :\n> \n> Bonjour\n",
    "Thunderbird": "On 23/11/2026 10:12, Support wrote:\n> Dear Ann,\n> please try again.\n",
    "Thunderbird, German": "Am 23.11.26 um 10:12 schrieb Support:\n> Guten Tag\n> Versuchen Sie es noch einmal.\n",
    "Thunderbird, French": "Le 23/11/2026 à 10:12, Support a écrit :\n> Bonjour\n",
    "Outlook, English": "From: Support <support@centre.example>\nSent: Monday, November 23, 2026 10:12 AM\n"
    "To: Ann <ann@example.org>\nSubject: Your order\n\nDear Ann\n",
    "Outlook, French": "De : Support <support@centre.example>\nEnvoyé : lundi 23 novembre 2026 10:12\n"
    "À : Ann\nObjet : Votre commande\n\nBonjour\n",
    "Outlook, German": "Von: Support <support@centre.example>\nGesendet: Montag, 23. November 2026 10:12\n"
    "An: Ann\nBetreff: Ihre Bestellung\n\nGuten Tag\n",
    "Outlook, Spanish": "De: Support <support@centre.example>\nEnviado: lunes, 23 de noviembre de 2026 10:12\n"
    "Para: Ann\nAsunto: Su pedido\n\nHola\n",
    "Outlook with a line": "________________________________\nFrom: Support <support@centre.example>\n"
    "Sent: Monday, November 23, 2026\nTo: Ann\nSubject: Your order\n\nHi\n",
    "Outlook, bold headings": "*From:* Support <support@centre.example>\n*Sent:* Monday, November 23, 2026\n"
    "*To:* Ann\n*Subject:* Your order\n\nHi\n",
    "Outlook on telephones": "From: Support <support@centre.example>\nDate: Monday, 23 November 2026 at 10:12\n"
    "To: Ann <ann@example.org>\nSubject: Re: Order\n\nHi\n",
    "old Outlook": "-----Original Message-----\nFrom: Support [mailto:support@centre.example]\n"
    "Sent: Monday\nTo: Ann\nSubject: Order\n\nHi\n",
    "old Outlook, French": "-----Message d'origine-----\nDe : Support\nEnvoyé : lundi\nÀ : Ann\nObjet : Commande\n\nBonjour\n",
    "old Outlook, German": "-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Montag\nAn: Ann\nBetreff: Bestellung\n\nHallo\n",
    "forwarded by Gmail": "---------- Forwarded message ---------\nFrom: Support <support@centre.example>\n"
    "Date: Mon, 23 Nov 2026\nSubject: Order\nTo: Ann\n\nHi\n",
    "forwarded by Apple Mail": "Begin forwarded message:\n\nFrom: Support <support@centre.example>\n"
    "Subject: Order\nDate: 23 November 2026\nTo: Ann\n\nHi\n",
    "forwarded by Apple Mail, French": "Début du message réexpédié :\n\nDe: Support <support@centre.example>\n"
    "Objet: Commande\nDate: 23 novembre 2026\nÀ: Ann\n\nHi\n",
    "Yahoo": "On Monday, November 23, 2026 at 10:12:33 AM GMT+1, Support <support@centre.example> wrote: \n\n Dear Ann\n",
    "Proton": "On Monday, November 23rd, 2026 at 10:12 AM, Support <support@centre.example> wrote:\n\n> Dear Ann\n",
    "lines with a sign only": "> Dear Ann,\n> please try again.\n> Support\n",
    "a date and an address": "2026-11-23 10:12 GMT+01:00 Support <support@centre.example>:\n\n> Dear Ann\n",
}
SIGNATURES = {
    "the standard's": "-- \nAnn Smith\nExample Ltd, 1 Street\n+44 20 7946 0000",
    "without its blank": "--\nAnn Smith",
    "telephone, English": "Sent from my iPhone",
    "telephone, French": "Envoyé de mon iPhone",
    "telephone, French, Android": "Envoyé depuis mon appareil Galaxy",
    "telephone, German": "Von meinem iPhone gesendet",
    "telephone, Spanish": "Enviado desde mi iPhone",
    "Outlook for Android": "Get Outlook for Android<https://aka.ms/x>",
    "Outlook pour iOS": "Télécharger Outlook pour iOS",
    "regards": "Kind regards,\nAnn Smith\nExample Ltd",
    "in French": "Cordialement,\n\nAnne Martin\n06 12 34 56 78",
    "in German": "Mit freundlichen Grüßen\nJürgen Müller",
    "in Spanish": "Un saludo,\nAna",
}


@pytest.mark.parametrize("name", QUOTES)
def test_what_is_quoted_is_told_from_what_is_new(name: str) -> None:
    divided = divide(f"{NEW}\n\n{QUOTES[name]}")
    assert divided.text == NEW
    assert divided.quoted == QUOTES[name].strip()
    assert divided.signature == ""


@pytest.mark.parametrize("name", SIGNATURES)
@pytest.mark.parametrize("quote", ["", QUOTES["Gmail, English"], QUOTES["Outlook, French"]])
def test_a_signature_is_told_from_what_is_new(name: str, quote: str) -> None:
    divided = divide(f"{NEW}\n\n{SIGNATURES[name]}\n\n{quote}")
    assert divided.text == NEW
    assert divided.signature == SIGNATURES[name].strip()
    assert divided.quoted == quote.strip()


def test_an_answer_below_the_quote() -> None:
    text = "On 23/11/2026 10:12, Support wrote:\n> Dear Ann,\n> does it work?\n\nYes, it does.\n-- \nAnn"
    assert divide(text) == (
        "Yes, it does.",
        "On 23/11/2026 10:12, Support wrote:\n> Dear Ann,\n> does it work?",
        "-- \nAnn",
    )


def test_an_answer_between_the_lines_is_left_whole() -> None:
    text = "On 23/11/2026 10:12, Support wrote:\n> Which number?\n4711\n> Which colour?\nBlue\n> Regards"
    assert divide(text) == (text, "", "")


def test_a_forwarded_mail_without_a_word_is_the_text_itself() -> None:
    text = QUOTES["forwarded by Gmail"].strip()
    assert divide(text) == (text, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nplease help me.",
        "From: my point of view it is broken.\nTo: be honest, I am angry.",
        "Here is the list:\n- one\n- two",
        "I have a question about the Date: is it the 3rd?\nThe Subject: of my letter was clear.",
        "Best",
        "The price is > 100\nand that is too much.",
        "-----\nA title\n-----\nand more text that goes on and on.\nAnd on.",
        "Le colis que vous avez envoyé :\nil est arrivé.",
    ],
)
def test_what_only_looks_like_a_quote_is_left_alone(text: str) -> None:
    assert divide(text) == (text, "", "")


def test_nothing_is_lost() -> None:
    for quote in QUOTES.values():
        for signature in SIGNATURES.values():
            text = f"{NEW}\n\n{signature}\n\n{quote}"
            divided = divide(text)
            assert "".join("".join((divided.text, divided.signature, divided.quoted)).split()) == "".join(
                text.split()
            )
