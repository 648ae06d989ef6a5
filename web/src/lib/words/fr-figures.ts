/** The figures' names and definitions in French, by id. English is the server's own text. */
export const frFigures: Record<string, { name: string; definition: string }> = {
  offered: {
    name: "Proposés",
    definition:
      "Contacts qui ont commencé à attendre dans une file. Un contact qui entre dans une seconde file y compte aussi ; celui qui y revient après une proposition sans suite ne compte pas une nouvelle fois.",
  },
  answered: { name: "Répondus", definition: "Contacts d’une file qu’un agent a pris." },
  abandoned: {
    name: "Abandonnés",
    definition:
      "Contacts dont le client final est parti pendant l’attente, y compris pendant la sonnerie d’une proposition.",
  },
  timed_out: {
    name: "Attente trop longue",
    definition: "Contacts sortis d’une file parce que l’attente maximale de l’étape était atteinte.",
  },
  dissuaded: {
    name: "Dissuadés",
    definition: "Contacts qu’un script a volontairement écartés (fermeture, saturation).",
  },
  waiting: {
    name: "En attente",
    definition:
      "Contacts qui attendent dans une file à la fin de la période, y compris ceux qui sonnent chez un agent.",
  },
  service_level: {
    name: "Niveau de service",
    definition:
      "Contacts répondus dans l’objectif de leur file, divisés par tous les contacts répondus ou abandonnés.",
  },
  speed_of_answer: {
    name: "Délai de réponse",
    definition: "Attente moyenne des contacts répondus, de leur place dans la file à la réponse.",
  },
  handled: {
    name: "Traités",
    definition:
      "Parts de contacts terminées par des agents : chaque agent relié au client final compte une fois.",
  },
  handle_time: {
    name: "Durée de traitement",
    definition: "Durée moyenne d’un contact traité : conversation (mises en attente comprises) et clôture.",
  },
  talk_time: {
    name: "Conversation",
    definition: "Durée moyenne de liaison entre l’agent et le client final, mises en attente comprises.",
  },
  hold_time: {
    name: "Mise en attente",
    definition:
      "Durée moyenne de mise en attente d’un contact traité ; sans mise en attente, il compte pour zéro.",
  },
  wrap_up_time: {
    name: "Clôture",
    definition: "Durée moyenne de la fin du contact à la fin de sa clôture.",
  },
  missed: {
    name: "Non pris",
    definition:
      "Propositions refusées, restées sans réponse, ou qui n’ont pas atteint le téléphone de l’agent.",
  },
  transferred: {
    name: "Transférés",
    definition: "Transferts commencés par des agents, vers un agent, une file ou un numéro.",
  },
  outgoing: { name: "Appels sortants", definition: "Appels passés par des agents, répondus ou non." },
  logged_in_time: {
    name: "Temps connecté",
    definition: "Temps pendant lequel des agents occupaient une place : la somme des temps de leurs états.",
  },
  ready_time: {
    name: "Temps Prêt",
    definition: "Temps pendant lequel des agents étaient prêts, dans la période.",
  },
  reserved_time: {
    name: "Temps de proposition",
    definition: "Temps pendant lequel un contact était proposé à des agents, dans la période.",
  },
  in_contact_time: {
    name: "Temps en contact",
    definition: "Temps pendant lequel des agents étaient en contact, dans la période.",
  },
  wrap_up_state_time: {
    name: "Temps en clôture",
    definition: "Temps pendant lequel des agents étaient en clôture, dans la période.",
  },
  withdrawn_time: {
    name: "Temps en retrait",
    definition: "Temps pendant lequel des agents étaient en retrait, dans la période.",
  },
  chat_first_response: {
    name: "Première réponse (chat)",
    definition: "Temps moyen entre l’arrivée d’une discussion et le premier message d’un agent.",
  },
  chat_response_time: {
    name: "Temps de réponse (chat)",
    definition:
      "Temps moyen pendant lequel le plus ancien message sans réponse du client final a attendu celle d’un agent, au plus tôt depuis la prise en charge.",
  },
  chat_concurrency: {
    name: "Discussions simultanées",
    definition:
      "Durée des discussions dans les mains des agents, chacune comptée, divisée par le temps où ils en avaient au moins une. Les discussions terminées comptent.",
  },
  chat_invitations: {
    name: "Invitations",
    definition:
      "Visiteurs invités par un bouton dynamique, chacun avec une place réservée auprès d’un agent.",
  },
  chat_invitation_acceptance: {
    name: "Invitations acceptées",
    definition: "Invitations acceptées divisées par toutes celles qui ont été faites.",
  },
  chat_rating: {
    name: "Note des discussions",
    definition: "Note moyenne des enquêtes après les discussions, de 1 à 5.",
  },
};
