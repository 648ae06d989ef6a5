"""Ordinary questions of other trades: where questions lie as such, before any has been asked here.

Vectors of questions have much in common that says nothing about what is asked. That common part is their mean, and is taken
off before comparing (see `ranking`). These sentences give the first estimate; the questions that really come improve it.
"""

QUESTIONS = {
    "en": (
        "I would like to know when my train leaves tomorrow morning.",
        "Can you tell me how to renew my library card?",
        "The room was much smaller than in the pictures and I am disappointed.",
        "What do I have to do to change my telephone plan?",
        "My dog has been coughing for two days, should I come and see you?",
        "Why is the water bill higher than last year?",
        "I have booked a table for four, we will be five. Is that possible?",
        "The key does not turn in the lock any more.",
        "Do you have a course for beginners in the evening?",
        "I did not receive the form that you promised me last week.",
        "How much would it be to have a garden fence painted?",
        "Please send me the minutes of the last meeting.",
        "I left my umbrella on bus number twelve, has anybody found it?",
        "My passport expires next month, how long does a new one take?",
        "Is breakfast included, and can we bring our children?",
        "The heating in our flat has been off since Sunday.",
        "Thank you for your help, but the form still shows an error.",
        "Could somebody call me back this afternoon about my insurance?",
        "I am not happy with the way that I was spoken to.",
        "Where can I park near the museum?",
    ),
    "fr": (
        "Je voudrais savoir à quelle heure part mon train demain matin.",
        "Pouvez-vous me dire comment renouveler ma carte de bibliothèque ?",
        "La chambre était bien plus petite que sur les photos et je suis déçu.",
        "Que dois-je faire pour changer de forfait téléphonique ?",
        "Mon chien tousse depuis deux jours, dois-je venir vous voir ?",
        "Pourquoi la facture d'eau est-elle plus élevée que l'an dernier ?",
        "J'ai réservé une table pour quatre, nous serons cinq. Est-ce possible ?",
        "La clé ne tourne plus dans la serrure.",
        "Avez-vous un cours pour débutants le soir ?",
        "Je n'ai pas reçu le formulaire que vous m'aviez promis la semaine dernière.",
        "Combien coûterait la peinture d'une clôture de jardin ?",
        "Merci de m'envoyer le compte rendu de la dernière réunion.",
        "J'ai oublié mon parapluie dans le bus douze, quelqu'un l'a-t-il trouvé ?",
        "Mon passeport expire le mois prochain, combien de temps faut-il pour un nouveau ?",
        "Le petit-déjeuner est-il compris, et pouvons-nous venir avec nos enfants ?",
        "Le chauffage de notre appartement ne marche plus depuis dimanche.",
        "Merci de votre aide, mais le formulaire affiche toujours une erreur.",
        "Quelqu'un pourrait-il me rappeler cet après-midi au sujet de mon assurance ?",
        "Je ne suis pas content de la façon dont on m'a parlé.",
        "Où puis-je me garer près du musée ?",
    ),
}
