/** What the call says, in the languages of the widget. It comes with this file, for only who is called needs it. */
const en = {
  call: "Call",
  allow: "Please allow the microphone: your browser is asking.",
  connecting: "Connecting…",
  waiting: "Somebody will be with you in a moment…",
  talking: "Connected",
  again: "Connection lost. Connecting again…",
  muted: "Your microphone is off",
  mute: "Mute",
  unmute: "Unmute",
  hang_up: "Hang up",
  ended: "The call has ended.",
  refused:
    "Your browser did not allow the microphone: allow it for this page, beside its address, then ask for the call again.",
  missing: "No microphone was found: plug one in, then ask for the call again.",
  insecure: "This page may not use a microphone, because it is not served securely or does not allow it.",
  failed: "The call could not be made. You can go on writing, and ask for it again.",
  hear: "Turn the sound on",
  close: "Close",
};
export type CallWords = typeof en;

const fr: CallWords = {
  call: "Appel",
  allow: "Merci d’autoriser le microphone : votre navigateur vous le demande.",
  connecting: "Connexion…",
  waiting: "Quelqu’un est à vous dans un instant…",
  talking: "En communication",
  again: "Connexion perdue. Nouvelle connexion…",
  muted: "Votre microphone est coupé",
  mute: "Couper le micro",
  unmute: "Rétablir le micro",
  hang_up: "Raccrocher",
  ended: "L’appel est terminé.",
  refused:
    "Votre navigateur n’a pas autorisé le microphone : autorisez-le pour cette page, à côté de son adresse, puis redemandez l’appel.",
  missing: "Aucun microphone n’a été trouvé : branchez-en un, puis redemandez l’appel.",
  insecure:
    "Cette page ne peut pas utiliser de microphone : elle n’est pas servie de façon sécurisée ou ne l’autorise pas.",
  failed: "L’appel n’a pas pu aboutir. Vous pouvez continuer à écrire, et le redemander.",
  hear: "Activer le son",
  close: "Fermer",
};

const de: CallWords = {
  call: "Anruf",
  allow: "Bitte erlauben Sie das Mikrofon: Ihr Browser fragt danach.",
  connecting: "Verbindung wird aufgebaut…",
  waiting: "Gleich ist jemand für Sie da…",
  talking: "Verbunden",
  again: "Verbindung verloren. Es wird neu verbunden…",
  muted: "Ihr Mikrofon ist aus",
  mute: "Stumm schalten",
  unmute: "Mikrofon einschalten",
  hang_up: "Auflegen",
  ended: "Das Gespräch ist beendet.",
  refused:
    "Ihr Browser hat das Mikrofon nicht erlaubt: erlauben Sie es für diese Seite, neben ihrer Adresse, und bitten Sie dann noch einmal um den Anruf.",
  missing:
    "Es wurde kein Mikrofon gefunden: schließen Sie eines an, und bitten Sie dann noch einmal um den Anruf.",
  insecure:
    "Diese Seite darf kein Mikrofon verwenden: sie ist nicht sicher ausgeliefert oder erlaubt es nicht.",
  failed: "Der Anruf kam nicht zustande. Sie können weiter schreiben und noch einmal darum bitten.",
  hear: "Ton einschalten",
  close: "Schließen",
};

const es: CallWords = {
  call: "Llamada",
  allow: "Permita el micrófono, por favor: su navegador lo pregunta.",
  connecting: "Conectando…",
  waiting: "Alguien estará con usted en un momento…",
  talking: "Conectado",
  again: "Conexión perdida. Conectando de nuevo…",
  muted: "Su micrófono está apagado",
  mute: "Silenciar",
  unmute: "Activar el micrófono",
  hang_up: "Colgar",
  ended: "La llamada ha terminado.",
  refused:
    "Su navegador no ha permitido el micrófono: permítalo para esta página, junto a su dirección, y pida la llamada de nuevo.",
  missing: "No se ha encontrado ningún micrófono: conecte uno y pida la llamada de nuevo.",
  insecure: "Esta página no puede usar un micrófono: no se sirve de forma segura o no lo permite.",
  failed: "No se pudo hacer la llamada. Puede seguir escribiendo y pedirla de nuevo.",
  hear: "Activar el sonido",
  close: "Cerrar",
};

export const languages: Record<string, CallWords> = { en, fr, de, es };

export function wordsOf(language: string): CallWords {
  return languages[language.slice(0, 2)] ?? en;
}
