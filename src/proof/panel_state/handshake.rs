//! The companion's proof that it knows the token, and the exchange of a code for the token.

use super::{Call, LastRun, PanelState, RealRunEffect, RunStage};
use crate::proof::companion::{Accepted, CompanionAddress, Invitation, VerifiedCompanion};
use crate::proof::trouble::Trouble;

/// A hello that waits for its response.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) call: Call,
    way: AuthMethod,
    nonce: String,
}

/// The way to authenticate a companion.
#[derive(Debug)]
enum AuthMethod {
    /// By the token.
    CompanionAddress(CompanionAddress),
    /// By the one-time code of a typed address.
    Invitation(Invitation),
}

impl PanelState {
    /// The typed address, or else the companion that serves the page.
    fn way(&self) -> Result<AuthMethod, Trouble> {
        match (self.typed.trim(), &self.given) {
            // Tells more than `NoToken`, which `of_page` would return.
            ("", _) if self.page.is_served && self.page.is_spent => Err(Trouble::Spent),
            ("", _) if self.page.is_served => {
                CompanionAddress::of_page(&self.page.origin, &self.page.token)
                    .map(AuthMethod::CompanionAddress)
            }
            (_, Some(companion_address)) => {
                Ok(AuthMethod::CompanionAddress(companion_address.clone()))
            }
            (typed, None) => Invitation::typed(typed).map(AuthMethod::Invitation),
        }
    }

    /// Asks the server at the address to prove that it is the companion.
    pub(super) fn greet(&mut self) -> Vec<RealRunEffect> {
        self.trouble = None;
        // The response to an exchange that still runs is ignored from here on.
        self.redeeming = None;
        match self.way() {
            Ok(way) => {
                let (call, nonce) = (self.next_call(), (self.nonce)());
                let language = self.page.language.tag();
                let address = match &way {
                    AuthMethod::CompanionAddress(companion_address) => {
                        companion_address.hello(&nonce, language)
                    }
                    AuthMethod::Invitation(invitation) => invitation.hello(&nonce, language),
                };
                self.asking = Some(Asking { call, way, nonce });
                vec![RealRunEffect::Hello(call, address)]
            }
            Err(trouble) => {
                self.asking = None;
                self.known = None;
                self.trouble = Some(trouble);
                Vec::new()
            }
        }
    }

    pub(super) fn next_call(&mut self) -> Call {
        self.calls += 1;
        Call(self.calls)
    }

    pub(super) fn hello_answered(
        &mut self,
        call: Call,
        answer: Result<String, Trouble>,
    ) -> Vec<RealRunEffect> {
        // A response to an older hello, e.g. before the reader typed another address.
        let Some(asking) = self.asking.take_if(|asking| asking.call == call) else {
            return Vec::new();
        };
        let way = match answer {
            Ok(text) => match asking.way {
                AuthMethod::CompanionAddress(companion_address) => {
                    VerifiedCompanion::by(companion_address, &asking.nonce, &text).map(Ok)
                }
                AuthMethod::Invitation(invitation) => {
                    invitation.accepted(&asking.nonce, &text).map(Err)
                }
            },
            Err(trouble) => Err(trouble),
        };
        match way {
            Ok(Ok(known)) => self.recognized(known),
            Ok(Err(accepted)) => self.redeem(accepted),
            Err(trouble) => self.turned_away(trouble),
        }
    }

    fn recognized(&mut self, known: VerifiedCompanion) -> Vec<RealRunEffect> {
        self.known = Some(known);
        // The list of ready runtimes may have changed since the last hello.
        self.choose_what_is_there();
        if self.is_awaited() {
            self.verify()
        } else {
            Vec::new()
        }
    }

    fn turned_away(&mut self, trouble: Trouble) -> Vec<RealRunEffect> {
        self.known = None;
        self.trouble = Some(trouble);
        // The panel shows the error in place of the run that cannot start.
        if self.is_awaited() {
            self.real = LastRun::None;
        }
        Vec::new()
    }

    /// Whether a run waits for the companion's proof.
    fn is_awaited(&self) -> bool {
        matches!(&self.real, LastRun::UnderWay(under) if under.stage == RunStage::Greeting)
    }

    fn redeem(&mut self, accepted: Accepted) -> Vec<RealRunEffect> {
        let call = self.next_call();
        let (address, body) = (accepted.exchange(), accepted.body());
        self.redeeming = Some((call, accepted));
        vec![RealRunEffect::Redeem(call, address, body)]
    }

    pub(super) fn redeemed(
        &mut self,
        call: Call,
        answer: Result<String, Trouble>,
    ) -> Vec<RealRunEffect> {
        let Some((_, accepted)) = self.redeeming.take_if(|(of, _)| *of == call) else {
            return Vec::new();
        };
        match answer.and_then(|text| accepted.companion_address(&text)) {
            Ok(companion_address) => {
                self.given = Some(companion_address);
                // So far the companion has proved to know the code, but not the token.
                self.greet()
            }
            Err(trouble) => self.turned_away(trouble),
        }
    }

    /// Selects an installed runtime if the selected one is not installed.
    pub(super) fn choose_what_is_there(&mut self) {
        let Some(known) = &self.known else { return };
        let is_there = |name: &str| known.runtime(name).is_some_and(|runtime| runtime.ready);
        if !is_there(&self.choice.runtime)
            && let Some(runtime) = known.hello.runtimes.iter().find(|runtime| runtime.ready)
        {
            self.choice.runtime = runtime.name.clone();
        }
    }
}
