// Holds the sentences that are needed before the form is there, with their language and direction.

/**
 * The sentences that are needed before the form is there, in each language of words/; a test holds them equal to those. The host's
 * `messages` replace them by the same codes.
 */
const SENTENCES = {
  "en": {
    "title": "Make a payment",
    "title-staff": "Record a payment",
    "title-payee": "Pay {payee}",
    "amount-section": "Amount",
    "amount": "Payment amount",
    "method-section": "Pay with",
    "method-section-staff": "Payment method",
    "allocation-section": "What it pays",
    "summary": "Summary",
    "pay-nothing": "Pay",
    "pay-staff-nothing": "Record payment",
    "due-section": "What is due",
    "paid-section": "What is paid",
    "amount-paid": "Amount paid",
    "form-loading": "Loading the payment form…",
    "form-load-failed": "The payment form could not be loaded. Please reload the page.",
    "form-crashed": "The payment form stopped. Please reload the page."
  },
  "ar": {
    "title": "إجراء دفعة",
    "title-staff": "تسجيل دفعة",
    "title-payee": "الدفع إلى {payee}",
    "amount-section": "المبلغ",
    "amount": "مبلغ الدفعة",
    "method-section": "الدفع بواسطة",
    "method-section-staff": "طريقة الدفع",
    "allocation-section": "توزيع الدفعة",
    "summary": "الملخص",
    "pay-nothing": "دفع",
    "pay-staff-nothing": "تسجيل الدفعة",
    "due-section": "المستحق",
    "paid-section": "المدفوع",
    "amount-paid": "المبلغ المدفوع",
    "form-loading": "جارٍ تحميل نموذج الدفع…",
    "form-load-failed": "تعذّر تحميل نموذج الدفع. يُرجى إعادة تحميل الصفحة.",
    "form-crashed": "توقف نموذج الدفع. يُرجى إعادة تحميل الصفحة."
  },
  "de": {
    "title": "Zahlung vornehmen",
    "title-staff": "Zahlung erfassen",
    "title-payee": "Zahlung an {payee}",
    "amount-section": "Betrag",
    "amount": "Zahlungsbetrag",
    "method-section": "Zahlungsart",
    "method-section-staff": "Zahlungsart",
    "allocation-section": "Aufteilung",
    "summary": "Zusammenfassung",
    "pay-nothing": "Zahlen",
    "pay-staff-nothing": "Zahlung erfassen",
    "due-section": "Was fällig ist",
    "paid-section": "Zahlung",
    "amount-paid": "Gezahlter Betrag",
    "form-loading": "Das Zahlungsformular wird geladen …",
    "form-load-failed": "Das Zahlungsformular konnte nicht geladen werden. Bitte laden Sie die Seite neu.",
    "form-crashed": "Das Zahlungsformular funktioniert gerade nicht. Bitte laden Sie die Seite neu."
  },
  "es": {
    "title": "Hacer un pago",
    "title-staff": "Registrar un pago",
    "title-payee": "Pagar a {payee}",
    "amount-section": "Importe",
    "amount": "Importe del pago",
    "method-section": "Pagar con",
    "method-section-staff": "Forma de pago",
    "allocation-section": "Qué se paga",
    "summary": "Resumen",
    "pay-nothing": "Pagar",
    "pay-staff-nothing": "Registrar el pago",
    "due-section": "Lo que se debe",
    "paid-section": "Pago",
    "amount-paid": "Importe pagado",
    "form-loading": "Cargando el formulario de pago…",
    "form-load-failed": "No se pudo cargar el formulario de pago. Recargue la página.",
    "form-crashed": "El formulario de pago se ha detenido. Recargue la página."
  },
  "fr": {
    "title": "Effectuer un paiement",
    "title-staff": "Enregistrer un paiement",
    "title-payee": "Payer {payee}",
    "amount-section": "Montant",
    "amount": "Montant du paiement",
    "method-section": "Payer avec",
    "method-section-staff": "Moyen de paiement",
    "allocation-section": "Répartition",
    "summary": "Récapitulatif",
    "pay-nothing": "Payer",
    "pay-staff-nothing": "Enregistrer le paiement",
    "due-section": "Ce qui est dû",
    "paid-section": "Paiement",
    "amount-paid": "Montant payé",
    "form-loading": "Chargement du formulaire de paiement…",
    "form-load-failed": "Le formulaire de paiement n’a pas pu être chargé. Veuillez recharger la page.",
    "form-crashed": "Le formulaire de paiement s’est arrêté. Veuillez recharger la page."
  },
  "it": {
    "title": "Effettua un pagamento",
    "title-staff": "Registra un pagamento",
    "title-payee": "Paga {payee}",
    "amount-section": "Importo",
    "amount": "Importo del pagamento",
    "method-section": "Paga con",
    "method-section-staff": "Metodo di pagamento",
    "allocation-section": "Cosa viene pagato",
    "summary": "Riepilogo",
    "pay-nothing": "Paga",
    "pay-staff-nothing": "Registra il pagamento",
    "due-section": "Quanto è dovuto",
    "paid-section": "Pagamento",
    "amount-paid": "Importo pagato",
    "form-loading": "Caricamento del modulo di pagamento…",
    "form-load-failed": "Non è stato possibile caricare il modulo di pagamento. Ricarichi la pagina.",
    "form-crashed": "Il modulo di pagamento si è interrotto. Ricarichi la pagina."
  },
  "ja": {
    "title": "お支払い",
    "title-staff": "入金を記録する",
    "title-payee": "{payee}へのお支払い",
    "amount-section": "金額",
    "amount": "お支払い金額",
    "method-section": "お支払い方法",
    "method-section-staff": "入金方法",
    "allocation-section": "お支払いの内訳",
    "summary": "お支払いの概要",
    "pay-nothing": "支払う",
    "pay-staff-nothing": "入金を記録する",
    "due-section": "ご請求の内容",
    "paid-section": "お支払いの内容",
    "amount-paid": "お支払い金額",
    "form-loading": "お支払いフォームを読み込んでいます…",
    "form-load-failed": "お支払いフォームを読み込めませんでした。ページを再読み込みしてください。",
    "form-crashed": "お支払いフォームが停止しました。ページを再読み込みしてください。"
  },
  "nl": {
    "title": "Betaling doen",
    "title-staff": "Betaling vastleggen",
    "title-payee": "Betalen aan {payee}",
    "amount-section": "Bedrag",
    "amount": "Te betalen bedrag",
    "method-section": "Betalen met",
    "method-section-staff": "Betaalmethode",
    "allocation-section": "Wat er wordt betaald",
    "summary": "Overzicht",
    "pay-nothing": "Betalen",
    "pay-staff-nothing": "Betaling vastleggen",
    "due-section": "Wat er openstaat",
    "paid-section": "Betaling",
    "amount-paid": "Betaald bedrag",
    "form-loading": "Het betaalformulier wordt geladen…",
    "form-load-failed": "Het betaalformulier kon niet worden geladen. Laad de pagina opnieuw.",
    "form-crashed": "Het betaalformulier is gestopt. Laad de pagina opnieuw."
  },
  "pt": {
    "title": "Fazer um pagamento",
    "title-staff": "Registrar um pagamento",
    "title-payee": "Pagar a {payee}",
    "amount-section": "Valor",
    "amount": "Valor do pagamento",
    "method-section": "Pagar com",
    "method-section-staff": "Forma de pagamento",
    "allocation-section": "O que será pago",
    "summary": "Resumo",
    "pay-nothing": "Pagar",
    "pay-staff-nothing": "Registrar o pagamento",
    "due-section": "O que é devido",
    "paid-section": "Pagamento",
    "amount-paid": "Valor pago",
    "form-loading": "Carregando o formulário de pagamento…",
    "form-load-failed": "Não foi possível carregar o formulário de pagamento. Recarregue a página.",
    "form-crashed": "O formulário de pagamento parou. Recarregue a página."
  },
  "zh": {
    "title": "付款",
    "title-staff": "登记付款",
    "title-payee": "向 {payee} 付款",
    "amount-section": "金额",
    "amount": "付款金额",
    "method-section": "付款方式",
    "method-section-staff": "付款方式",
    "allocation-section": "付款分配",
    "summary": "付款摘要",
    "pay-nothing": "支付",
    "pay-staff-nothing": "登记付款",
    "due-section": "应付款项",
    "paid-section": "付款",
    "amount-paid": "付款金额",
    "form-loading": "正在加载付款表单…",
    "form-load-failed": "无法加载付款表单。请刷新页面。",
    "form-crashed": "付款表单已停止运行。请刷新页面。"
  }
};

export const languageOf = (locale) => locale.split('-')[0].toLowerCase();

/** The sentence of this code for a person of this locale; English where there is none in their language. */
export const say = (code, { locale, messages }) => messages?.[code] ?? (SENTENCES[languageOf(locale)] ?? SENTENCES.en)[code];

/** The characters of scripts that are written from right to left: `is_rtl_letter` of src/words/mod.rs. */
const RTL_LETTER = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** The heading, which isolates the payee's name where directions may mix, as the form's own does. */
export function titleOf(props) {
  if (props.isStaff || !props.payee) return say(props.isStaff ? 'title-staff' : 'title', props);
  const mayTurn = directionOf(props) === 'rtl' || RTL_LETTER.test(props.payee);
  return say('title-payee', props).replace('{payee}', () => (mayTurn ? `\u2068${props.payee}\u2069` : props.payee));
}

/** Tells whether the host's sentences stand in place of all that are said here. */
const isReplaced = (messages) => Object.keys(SENTENCES.en).every((code) => messages?.[code]);

/** The tag of the language of the sentences: `written_in` of src/words/locale.rs. */
export function languageIn({ locale, messages }) {
  if (isReplaced(messages)) return locale;
  const language = languageOf(locale);
  return SENTENCES[language] ? ({ pt: 'pt-BR', zh: 'zh-Hans' }[language] ?? locale) : 'en';
}

/** The direction of the language that is spoken: the locale's own, where there are sentences in it. */
export function directionOf({ locale, messages }) {
  if (!SENTENCES[languageOf(locale)] && !isReplaced(messages)) return 'ltr';
  const known = new Intl.Locale(locale);
  return (known.getTextInfo?.() ?? known.textInfo)?.direction ?? (languageOf(locale) === 'ar' ? 'rtl' : 'ltr');
}
