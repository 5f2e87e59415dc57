"""The rarer categories of earlier applications, column by column; the common ones are in `previous_families`."""

from __future__ import annotations

from collections.abc import Mapping

from modelling.features.families import Level, levels

# What the features of a column's levels are called after, and its levels.
LEVELS: Mapping[str, tuple[str, tuple[Level, ...]]] = {
    "name_contract_type": (
        "contract_type",
        (Level("XNA", "des demandes sans type de contrat", "applications without a type of contract"),),
    ),
    "weekday_appr_process_start": (
        "weekday",
        (
            Level("MONDAY", "des demandes faites un lundi", "applications made on a Monday"),
            Level("TUESDAY", "des demandes faites un mardi", "applications made on a Tuesday"),
            Level("WEDNESDAY", "des demandes faites un mercredi", "applications made on a Wednesday"),
            Level("THURSDAY", "des demandes faites un jeudi", "applications made on a Thursday"),
            Level("FRIDAY", "des demandes faites un vendredi", "applications made on a Friday"),
            Level("SATURDAY", "des demandes faites un samedi", "applications made on a Saturday"),
            Level("SUNDAY", "des demandes faites un dimanche", "applications made on a Sunday"),
        ),
    ),
    "name_cash_loan_purpose": (
        "purpose",
        (
            Level(
                "Building a house or an annex", "des prêts pour bâtir ou agrandir", "loans to build or extend a house"
            ),
            Level("Business development", "des prêts pour une entreprise", "loans to develop a business"),
            Level("Buying a garage", "des prêts pour acheter un garage", "loans to buy a garage"),
            Level(
                "Buying a holiday home / land",
                "des prêts pour un terrain ou une maison de vacances",
                "loans for land or a holiday home",
            ),
            Level("Buying a home", "des prêts pour acheter un logement", "loans to buy a home"),
            Level("Buying a new car", "des prêts pour une voiture neuve", "loans to buy a new car"),
            Level("Buying a used car", "des prêts pour une voiture d'occasion", "loans to buy a used car"),
            Level("Car repairs", "des prêts pour réparer une voiture", "loans to repair a car"),
            Level("Education", "des prêts pour des études", "loans for education"),
            Level("Everyday expenses", "des prêts pour les dépenses courantes", "loans for everyday expenses"),
            Level("Furniture", "des prêts pour des meubles", "loans for furniture"),
            Level(
                "Gasification / water supply",
                "des prêts pour le gaz ou l'eau courante",
                "loans for gas or water supply",
            ),
            Level("Hobby", "des prêts pour un loisir", "loans for a hobby"),
            Level("Journey", "des prêts pour un voyage", "loans for a journey"),
            Level("Medicine", "des prêts pour des soins", "loans for medical care"),
            Level("Money for a third person", "des prêts pour un tiers", "loans for a third person"),
            Level("Other", "des prêts pour un autre objet", "loans for another purpose"),
            Level("Payments on other loans", "des prêts pour en rembourser d'autres", "loans to repay other loans"),
            Level(
                "Purchase of electronic equipment",
                "des prêts pour du matériel électronique",
                "loans for electronic equipment",
            ),
            Level(
                "Refusal to name the goal",
                "des prêts dont le client a tu l'objet",
                "loans whose purpose the client kept back",
            ),
            Level("Repairs", "des prêts pour des travaux", "loans for repairs"),
            Level("Urgent needs", "des prêts pour un besoin urgent", "loans for urgent needs"),
            Level(
                "Wedding / gift / holiday",
                "des prêts pour un mariage, un cadeau ou des vacances",
                "loans for a wedding, a gift or a holiday",
            ),
            Level("XAP", "des demandes sans objet à préciser", "applications with no purpose to tell"),
            Level("XNA", "des demandes dont l'objet est inconnu", "applications of unknown purpose"),
        ),
    ),
    "name_payment_type": (
        "payment",
        (
            Level(
                "Cashless from the account of the employer",
                "des crédits payés du compte de l'employeur",
                "loans paid from the employer's account",
            ),
            Level(
                "Non-cash from your account",
                "des crédits payés du compte du client",
                "loans paid from the client's account",
            ),
            Level("XNA", "des crédits sans moyen de paiement connu", "loans without a known means of payment"),
        ),
    ),
    "code_reject_reason": (
        "reject_reason",
        (
            Level("CLIENT", "des refus pour motif CLIENT", "refusals with reason CLIENT"),
            Level("SYSTEM", "des refus pour motif SYSTEM", "refusals with reason SYSTEM"),
            Level("XAP", "des demandes sans motif de refus", "applications without a reason for refusal"),
            Level("XNA", "des demandes au motif de refus inconnu", "applications with an unknown reason for refusal"),
        ),
    ),
    "name_type_suite": (
        "suite",
        (
            Level("Children", "des demandes faites avec ses enfants", "applications made with one's children"),
            Level("Family", "des demandes faites en famille", "applications made with the family"),
            Level("Group of people", "des demandes faites en groupe", "applications made in a group"),
            Level("Other_A", "des demandes faites avec un autre (A)", "applications made with another person (A)"),
            Level("Other_B", "des demandes faites avec un autre (B)", "applications made with another person (B)"),
            Level(
                "Spouse, partner", "des demandes faites avec son conjoint", "applications made with a spouse or partner"
            ),
            Level("Unaccompanied", "des demandes faites sans accompagnant", "applications made alone"),
            Level(None, "des demandes sans mention d'accompagnant", "applications without a companion recorded"),
        ),
    ),
    "name_client_type": (
        "client_type",
        (Level("XNA", "des demandes de client au statut inconnu", "applications of a client of unknown standing"),),
    ),
    "name_goods_category": (
        "goods",
        (
            Level("Additional Service", "des achats de services complémentaires", "purchases of additional services"),
            Level("Animals", "des achats d'animaux", "purchases of animals"),
            Level("Audio/Video", "des achats de matériel audio ou vidéo", "purchases of audio or video equipment"),
            Level("Auto Accessories", "des achats d'accessoires auto", "purchases of car accessories"),
            Level(
                "Clothing and Accessories",
                "des achats de vêtements et d'accessoires",
                "purchases of clothing and accessories",
            ),
            Level("Computers", "des achats d'ordinateurs", "purchases of computers"),
            Level(
                "Construction Materials", "des achats de matériaux de construction", "purchases of building materials"
            ),
            Level("Consumer Electronics", "des achats d'électronique", "purchases of consumer electronics"),
            Level("Direct Sales", "des achats en vente directe", "purchases by direct sale"),
            Level("Education", "des achats de formations", "purchases of education"),
            Level("Fitness", "des achats d'articles de remise en forme", "purchases of fitness goods"),
            Level("Furniture", "des achats de meubles", "purchases of furniture"),
            Level("Gardening", "des achats de jardinage", "purchases of gardening goods"),
            Level("Homewares", "des achats d'articles ménagers", "purchases of homewares"),
            Level("House Construction", "des achats de construction de maison", "purchases of house construction"),
            Level("Insurance", "des achats d'assurances", "purchases of insurance"),
            Level("Jewelry", "des achats de bijoux", "purchases of jewelry"),
            Level("Medical Supplies", "des achats de matériel médical", "purchases of medical supplies"),
            Level("Medicine", "des achats de médicaments", "purchases of medicine"),
            Level("Mobile", "des achats de téléphones", "purchases of mobile phones"),
            Level("Office Appliances", "des achats de matériel de bureau", "purchases of office appliances"),
            Level("Other", "des achats d'autres biens", "purchases of other goods"),
            Level(
                "Photo / Cinema Equipment",
                "des achats de matériel photo ou cinéma",
                "purchases of photo or cinema equipment",
            ),
            Level("Sport and Leisure", "des achats de sport et de loisirs", "purchases of sport and leisure goods"),
            Level("Tourism", "des achats de voyages", "purchases of travel"),
            Level("Vehicles", "des achats de véhicules", "purchases of vehicles"),
            Level("Weapon", "des achats d'armes", "purchases of weapons"),
            Level("XNA", "des demandes sans bien acheté", "applications without goods bought"),
        ),
    ),
    "name_portfolio": (
        "portfolio",
        (
            Level("Cars", "des demandes du portefeuille auto", "applications of the car portfolio"),
            Level("Cash", "des demandes du portefeuille de prêts", "applications of the cash portfolio"),
            Level("POS", "des demandes du portefeuille en magasin", "applications of the point-of-sale portfolio"),
            Level("XNA", "des demandes hors portefeuille", "applications of no portfolio"),
        ),
    ),
    "name_product_type": (
        "product_type",
        (Level("XNA", "des demandes ni proposées ni spontanées", "applications neither offered nor walk-in"),),
    ),
    "channel_type": (
        "channel",
        (
            Level("Car dealer", "des demandes par un concessionnaire", "applications through a car dealer"),
            Level(
                "Channel of corporate sales", "des demandes par une entreprise", "applications through corporate sales"
            ),
        ),
    ),
    "name_seller_industry": (
        "seller",
        (
            Level(
                "Auto technology",
                "des demandes chez un vendeur d'équipement auto",
                "applications at a seller of car technology",
            ),
            Level("Clothing", "des demandes chez un vendeur de vêtements", "applications at a seller of clothing"),
            Level(
                "Connectivity", "des demandes chez un vendeur de téléphonie", "applications at a seller of connectivity"
            ),
            Level(
                "Construction", "des demandes chez un vendeur du bâtiment", "applications at a seller for construction"
            ),
            Level(
                "Consumer electronics",
                "des demandes chez un vendeur d'électronique",
                "applications at a seller of consumer electronics",
            ),
            Level("Furniture", "des demandes chez un vendeur de meubles", "applications at a seller of furniture"),
            Level("Industry", "des demandes chez un vendeur de l'industrie", "applications at a seller for industry"),
            Level("Jewelry", "des demandes chez un bijoutier", "applications at a jeweller"),
            Level("MLM partners", "des demandes par la vente en réseau", "applications through network marketing"),
            Level("Tourism", "des demandes chez un voyagiste", "applications at a travel agent"),
            Level("XNA", "des demandes sans vendeur", "applications without a seller"),
        ),
    ),
    "name_yield_group": (
        "yield_group",
        (Level("XNA", "des crédits sans niveau de taux", "loans without a rate level"),),
    ),
    "product_combination": (
        "product",
        (
            Level("Card Street", "des cartes demandées", "cards asked for"),
            Level("Card X-Sell", "des cartes proposées", "cards offered"),
            Level("Cash", "des prêts sans plus de détail", "loans without more detail"),
            Level("Cash Street: high", "des prêts demandés à taux élevé", "loans asked for at a high rate"),
            Level("Cash Street: middle", "des prêts demandés à taux moyen", "loans asked for at a middle rate"),
            Level("Cash Street: low", "des prêts demandés à taux bas", "loans asked for at a low rate"),
            Level("Cash X-Sell: high", "des prêts proposés à taux élevé", "loans offered at a high rate"),
            Level("Cash X-Sell: middle", "des prêts proposés à taux moyen", "loans offered at a middle rate"),
            Level("Cash X-Sell: low", "des prêts proposés à taux bas", "loans offered at a low rate"),
            Level(
                "POS household with interest", "des achats ménagers avec intérêts", "household purchases with interest"
            ),
            Level(
                "POS household without interest",
                "des achats ménagers sans intérêts",
                "household purchases without interest",
            ),
            Level(
                "POS industry with interest", "des achats d'industrie avec intérêts", "industry purchases with interest"
            ),
            Level(
                "POS industry without interest",
                "des achats d'industrie sans intérêts",
                "industry purchases without interest",
            ),
            Level(
                "POS mobile with interest", "des achats de téléphonie avec intérêts", "mobile purchases with interest"
            ),
            Level(
                "POS mobile without interest",
                "des achats de téléphonie sans intérêts",
                "mobile purchases without interest",
            ),
            Level("POS other with interest", "des achats divers avec intérêts", "other purchases with interest"),
            Level("POS others without interest", "des achats divers sans intérêts", "other purchases without interest"),
            Level(None, "des demandes de produit inconnu", "applications of an unknown product"),
        ),
    ),
}
KINS = tuple(kin for column, (name, some) in LEVELS.items() for kin in levels(column, name, some))
