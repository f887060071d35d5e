// What the embedded model has read: everything it knows.

let embeddedText = embeddedAnswers + "\n\n" + embeddedProse
