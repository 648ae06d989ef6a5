"""Sentences of the system, in the languages that a button may have. Another language reads English."""

from collections.abc import Mapping

from cordboard.channels.webchat.call_words import CALL_WORDS
from cordboard.errors import Refused

NOTICES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "agent_joined": "{name} is here for you.",
        "colleague_joined": "{name} has joined the conversation.",
        "colleague_left": "{name} has left the conversation.",
        "transferred": "You are being passed on to somebody who can help. What was written is passed on too.",
        "continued": "The conversation goes on.",
        "handed_to_script": "{name} has handed you over to our assistant, with what was written.",
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
        "continued": "La conversation reprend.",
        "handed_to_script": "{name} vous a confié à notre assistant, avec ce qui a été écrit.",
        "idle_warning": "Êtes-vous toujours là ? Sans réponse, cette conversation sera bientôt terminée.",
        "idle_ended": "Cette conversation est terminée car rien n’a été écrit depuis un moment.",
        "message_left": "Merci. Nous vous répondrons par e-mail.",
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
        "continued": "Das Gespräch geht weiter.",
        "handed_to_script": "{name} hat Sie an unseren Assistenten übergeben; das Geschriebene geht mit.",
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
        "continued": "La conversación continúa.",
        "handed_to_script": "{name} le ha pasado con nuestro asistente, junto con lo que se ha escrito.",
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


REFUSALS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "chat_ended": "This conversation is over. You can begin a new one.",
        "too_fast": "That was too much at once. Wait a moment, then send it again.",
        "bad_frame": "This could not be understood.",
        "file_gone": "This file is not available any more: its time is over, or all its downloads are used. Ask us to send it again.",
        "too_late_to_go_on": "This conversation is too long ago to be continued. Please begin a new one.",
        "answered_by_email": "Your conversation is already being answered by email: look into your mailbox. You can also begin a new one.",
        "unknown_button": "This chat is no longer offered here.",
        "overloaded": "We are very busy at the moment. Please try again in a few minutes.",
        "too_many_sessions": "Too many conversations were begun from here. Wait a minute, then try again.",
        "too_many_requests": "That was too much at once. Wait a moment, then try again.",
        "answer_missing": "Please fill in what is required.",
        "identity_wrong": "Your sign-in could not be confirmed. Load the page again, then try once more.",
        "file_too_large": "The file is too big.",
        "file_type_refused": "Files of this type are not accepted.",
        "file_infected": "The file was refused by the scan for harmful content.",
        "file_not_checked": "The file could not be checked for harmful content. Please try again in a few minutes.",
        "not_possible": "This is not possible now.",
    },
    "fr": {
        "chat_ended": "Cette conversation est terminée. Vous pouvez en commencer une nouvelle.",
        "too_fast": "C’était trop à la fois. Attendez un instant, puis renvoyez.",
        "bad_frame": "Cela n’a pas pu être compris.",
        "file_gone": "Ce fichier n’est plus disponible : son délai est passé ou ses téléchargements sont épuisés. Redemandez-le-nous.",
        "too_late_to_go_on": "Cette conversation est trop ancienne pour être reprise. Merci d’en commencer une nouvelle.",
        "answered_by_email": "Nous vous répondons déjà par e-mail : regardez votre boîte, ou commencez une nouvelle conversation.",
        "unknown_button": "Cette discussion n’est plus proposée ici.",
        "overloaded": "Nous sommes très sollicités en ce moment. Merci de réessayer dans quelques minutes.",
        "too_many_sessions": "Trop de conversations ont été commencées d’ici. Attendez une minute, puis réessayez.",
        "too_many_requests": "C’était trop à la fois. Attendez un instant, puis réessayez.",
        "answer_missing": "Merci de remplir ce qui est obligatoire.",
        "identity_wrong": "Votre identification n’a pas pu être confirmée. Rechargez la page, puis réessayez.",
        "file_too_large": "Le fichier est trop volumineux.",
        "file_type_refused": "Les fichiers de ce type ne sont pas acceptés.",
        "file_infected": "Le fichier a été refusé par l’analyse des contenus nuisibles.",
        "file_not_checked": "Le fichier n’a pas pu être analysé. Merci de réessayer dans quelques minutes.",
        "not_possible": "Ce n’est pas possible maintenant.",
    },
    "de": {
        "chat_ended": "Dieses Gespräch ist beendet. Sie können ein neues beginnen.",
        "too_fast": "Das war zu viel auf einmal. Warten Sie kurz und senden Sie es noch einmal.",
        "bad_frame": "Das wurde nicht verstanden.",
        "file_gone": "Diese Datei ist nicht mehr verfügbar: abgelaufen oder zu oft heruntergeladen. Bitten Sie uns noch einmal darum.",
        "too_late_to_go_on": "Dieses Gespräch liegt zu lange zurück, um es fortzusetzen. Bitte beginnen Sie ein neues.",
        "answered_by_email": "Wir antworten Ihnen schon per E-Mail: Sehen Sie in Ihr Postfach, oder beginnen Sie ein neues Gespräch.",
        "unknown_button": "Dieser Chat wird hier nicht mehr angeboten.",
        "overloaded": "Wir haben gerade sehr viel zu tun. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "too_many_sessions": "Von hier wurden zu viele Gespräche begonnen. Warten Sie eine Minute und versuchen Sie es noch einmal.",
        "too_many_requests": "Das war zu viel auf einmal. Warten Sie kurz und versuchen Sie es noch einmal.",
        "answer_missing": "Bitte füllen Sie aus, was nötig ist.",
        "identity_wrong": "Ihre Anmeldung konnte nicht bestätigt werden. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
        "file_too_large": "Die Datei ist zu groß.",
        "file_type_refused": "Dateien dieser Art werden nicht angenommen.",
        "file_infected": "Die Datei wurde bei der Prüfung auf schädliche Inhalte abgelehnt.",
        "file_not_checked": "Die Datei konnte nicht geprüft werden. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "not_possible": "Das ist jetzt nicht möglich.",
    },
    "es": {
        "chat_ended": "Esta conversación ha terminado. Puede empezar una nueva.",
        "too_fast": "Ha sido demasiado a la vez. Espere un momento y envíelo de nuevo.",
        "bad_frame": "No se ha podido entender.",
        "file_gone": "Este archivo ya no está disponible: ha caducado o se han agotado sus descargas. Pídanoslo de nuevo.",
        "too_late_to_go_on": "Ha pasado demasiado tiempo para continuar esta conversación. Empiece una nueva.",
        "answered_by_email": "Ya le respondemos por correo electrónico: mire su buzón. También puede empezar una conversación nueva.",
        "unknown_button": "Este chat ya no se ofrece aquí.",
        "overloaded": "En este momento estamos muy ocupados. Inténtelo de nuevo en unos minutos.",
        "too_many_sessions": "Se han empezado demasiadas conversaciones desde aquí. Espere un minuto e inténtelo de nuevo.",
        "too_many_requests": "Ha sido demasiado a la vez. Espere un momento e inténtelo de nuevo.",
        "answer_missing": "Rellene lo que es obligatorio.",
        "identity_wrong": "No se ha podido confirmar su identificación. Cargue la página de nuevo e inténtelo otra vez.",
        "file_too_large": "El archivo es demasiado grande.",
        "file_type_refused": "No se aceptan archivos de este tipo.",
        "file_infected": "El archivo fue rechazado por el análisis de contenido dañino.",
        "file_not_checked": "No se ha podido analizar el archivo. Inténtelo de nuevo en unos minutos.",
        "not_possible": "Ahora no es posible.",
    },
}
"""What a visitor is told when something can not be done, by the code of the refusal."""


def sentence(code: str, language: str, name: str = "") -> str:
    """What a notice says; an unknown code says itself."""
    short = language.partition("-")[0]
    words = NOTICES.get(short, NOTICES["en"])
    calls = CALL_WORDS.get(short, CALL_WORDS["en"])
    text = words.get(code) or calls.get(code) or NOTICES["en"].get(code, code)
    return text.replace("{name}", name or words["somebody"])


def refusal(code: str, language: str) -> str:
    """Why something can not be done; an unknown code says just that."""
    words = REFUSALS.get(language.partition("-")[0], REFUSALS["en"])
    return words.get(code, words["not_possible"])


def in_words_of(error: Refused, language: str) -> Refused:
    """The same refusal, said in the visitor's language."""
    error.detail = refusal(error.code, language)
    return error
