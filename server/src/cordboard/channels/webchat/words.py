"""Sentences of the system, in the languages that a button may have. Another language reads English."""

from collections.abc import Mapping

NOTICES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "agent_joined": "{name} is here for you.",
        "colleague_joined": "{name} has joined the conversation.",
        "colleague_left": "{name} has left the conversation.",
        "transferred": "You are being passed on to somebody who can help. What was written is passed on too.",
        "idle_warning": "Are you still there? Without an answer this conversation will be ended soon.",
        "idle_ended": "This conversation was ended because nothing was written for a while.",
        "message_left": "Thank you. We will answer you by email.",
        "agent_unreachable": "Nobody can be reached at the moment. Please try again later.",
        "dissuaded": "Nobody is free at the moment. Please try again later.",
        "technical_problem": "There is a technical problem. Please try again later.",
        "name": "Your name",
        "email": "Your email address",
        "message": "Your message",
        "somebody": "Our agent",
    },
    "fr": {
        "agent_joined": "{name} est là pour vous.",
        "colleague_joined": "{name} a rejoint la conversation.",
        "colleague_left": "{name} a quitté la conversation.",
        "transferred": "Nous vous passons une personne qui peut vous aider, avec ce qui a été écrit.",
        "idle_warning": "Êtes-vous toujours là ? Sans réponse, cette conversation sera bientôt terminée.",
        "idle_ended": "Cette conversation est terminée car rien n’a été écrit depuis un moment.",
        "message_left": "Merci. Nous vous répondrons par courriel.",
        "agent_unreachable": "Personne n’est joignable pour le moment. Merci de réessayer plus tard.",
        "dissuaded": "Personne n’est libre pour le moment. Merci de réessayer plus tard.",
        "technical_problem": "Un problème technique est survenu. Merci de réessayer plus tard.",
        "name": "Votre nom",
        "email": "Votre adresse électronique",
        "message": "Votre message",
        "somebody": "Notre conseiller",
    },
    "de": {
        "agent_joined": "{name} ist für Sie da.",
        "colleague_joined": "{name} ist dazugekommen.",
        "colleague_left": "{name} hat das Gespräch verlassen.",
        "transferred": "Sie werden an jemanden weitergegeben, der helfen kann; das Geschriebene geht mit.",
        "idle_warning": "Sind Sie noch da? Ohne Antwort wird dieses Gespräch bald beendet.",
        "idle_ended": "Dieses Gespräch wurde beendet, weil eine Weile nichts geschrieben wurde.",
        "message_left": "Danke. Wir antworten Ihnen per E-Mail.",
        "agent_unreachable": "Im Moment ist niemand erreichbar. Bitte versuchen Sie es später noch einmal.",
        "dissuaded": "Im Moment ist niemand frei. Bitte versuchen Sie es später noch einmal.",
        "technical_problem": "Es gibt eine technische Störung. Bitte versuchen Sie es später noch einmal.",
        "name": "Ihr Name",
        "email": "Ihre E-Mail-Adresse",
        "message": "Ihre Nachricht",
        "somebody": "Unser Mitarbeiter",
    },
    "es": {
        "agent_joined": "{name} está aquí para ayudarle.",
        "colleague_joined": "{name} se ha unido a la conversación.",
        "colleague_left": "{name} ha dejado la conversación.",
        "transferred": "Le pasamos con alguien que puede ayudarle, junto con lo que se ha escrito.",
        "idle_warning": "¿Sigue ahí? Sin respuesta, esta conversación terminará pronto.",
        "idle_ended": "Esta conversación ha terminado porque no se ha escrito nada durante un rato.",
        "message_left": "Gracias. Le responderemos por correo electrónico.",
        "agent_unreachable": "No hay nadie disponible en este momento. Inténtelo más tarde.",
        "dissuaded": "Nadie está libre en este momento. Inténtelo más tarde.",
        "technical_problem": "Hay un problema técnico. Inténtelo más tarde.",
        "name": "Su nombre",
        "email": "Su correo electrónico",
        "message": "Su mensaje",
        "somebody": "Nuestro agente",
    },
}


def sentence(code: str, language: str, name: str = "") -> str:
    """What a notice says; an unknown code says itself."""
    words = NOTICES.get(language.partition("-")[0], NOTICES["en"])
    return words.get(code, NOTICES["en"].get(code, code)).replace("{name}", name or words["somebody"])
