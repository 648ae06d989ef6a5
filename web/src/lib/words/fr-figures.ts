/** The figures' names and definitions in French, by id. English is the server's own text. */
export const frFigures: Record<string, { name: string; definition: string }> = {
  received: {
    name: "Reçus",
    definition:
      "Contacts arrivés, quoi qu’ils soient devenus, à l’instant de leur arrivée. Leur file est la première où ils ont été mis.",
  },
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
  in_hand: {
    name: "En cours",
    definition:
      "Contacts que des agents ont en main à la fin de la période : de la réponse, ou de la prise en charge, jusqu’à ce qu’ils en aient fini, les aient transférés ou mis en attente. Le post-traitement n’en fait pas partie.",
  },
  closed: {
    name: "Clos avec motif",
    definition: "Contacts que des agents ont clos avec un motif, comptés à la fin du post-traitement.",
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
  mails_received: {
    name: "Mails reçus",
    definition:
      "Mails arrivés, dans de nouveaux contacts et dans des contacts ouverts. Leur file est la première où leur contact a été mis.",
  },
  mails_answered: {
    name: "Mails répondus",
    definition:
      "Réponses d’agents qui sont parties (elles ne peuvent plus être reprises), comptées à cet instant. Les réponses automatiques n’en sont pas.",
  },
  mail_backlog: {
    name: "Mails sans réponse",
    definition: "Contacts avec un mail d’une personne encore sans réponse, à la fin de la période.",
  },
  mail_backlog_hour: {
    name: "Sans réponse depuis une heure",
    definition: "Parmi les mails sans réponse à la fin de la période, ceux arrivés plus d’une heure avant.",
  },
  mail_backlog_hours: {
    name: "Sans réponse depuis 4 heures",
    definition: "Parmi les mails sans réponse à la fin de la période, ceux arrivés plus de 4 heures avant.",
  },
  mail_backlog_day: {
    name: "Sans réponse depuis un jour",
    definition: "Parmi les mails sans réponse à la fin de la période, ceux arrivés plus de 24 heures avant.",
  },
  mail_backlog_week: {
    name: "Sans réponse depuis une semaine",
    definition: "Parmi les mails sans réponse à la fin de la période, ceux arrivés plus de 7 jours avant.",
  },
  mail_first_reply: {
    name: "Première réponse",
    definition: "Temps moyen entre l’arrivée d’un mail et la première réponse de son contact, à l’horloge.",
  },
  mail_treatment: {
    name: "De l’arrivée à la réponse",
    definition:
      "Temps moyen entre l’arrivée du plus ancien mail sans réponse d’un contact et sa réponse, à l’horloge.",
  },
  mail_treatment_worked: {
    name: "De l’arrivée à la réponse, heures ouvrées",
    definition:
      "Le même, dans les heures ouvrées du calendrier de l’échéance du contact ; les réponses sans calendrier ne comptent pas.",
  },
  mail_service_level: {
    name: "Répondus à l’échéance",
    definition:
      "Réponses parties avant leur échéance, divisées par toutes les réponses aux contacts qui en avaient une.",
  },
  answers_held: {
    name: "Réponses retenues",
    definition: "Réponses d’agents qu’une règle de validation a retenues.",
  },
  answers_corrected: {
    name: "Réponses corrigées",
    definition: "Réponses retenues parties dans la version corrigée par le valideur.",
  },
  answers_sent_back: {
    name: "Réponses renvoyées",
    definition: "Réponses retenues rendues à leur auteur avec une remarque.",
  },
  approval_time: {
    name: "Délai de validation",
    definition:
      "Temps moyen pendant lequel les réponses ont été retenues, jusqu’à leur validation, correction ou renvoi.",
  },
  first_contact_ratio: {
    name: "Taux de premier contact",
    definition:
      "Parmi les contacts par mail commencés dans la période, ceux qui ne sont pas un contact de plus. Un contact de plus est celui dont l’expéditeur a commencé un autre contact sur le même thème (à la même boîte de réception) dans les {{days}} jours précédents.",
  },
  first_contact_resolved: {
    name: "Taux de premier contact, par motif",
    definition:
      "Parmi les contacts que des agents ont clos avec un motif, ceux dont le motif est marqué résolu et qui ne reprennent pas un contact antérieur.",
  },
};
