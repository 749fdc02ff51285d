package httpapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-redis/redis_rate/v10"
)

// basketsAnHour is how many baskets may begin at one network address, or by one person
// who is signed in. Each request of somebody without cookies begins one.
const basketsAnHour = 120

type (
	addToBasketInput struct {
		Body struct {
			Items []newItem `json:"items" nullable:"false" minItems:"1" maxItems:"100"`
		}
	}
	changeBasketInput struct {
		Body struct {
			Name    *string  `json:"name,omitempty" maxLength:"200"`
			Without []string `json:"without,omitempty" nullable:"false" maxItems:"100"`
			Empty   bool     `json:"empty,omitempty"`
		}
	}
	orderBasketInput struct {
		Body struct {
			Stamp string `json:"stamp" maxLength:"64"`
			Name  string `json:"name,omitempty" maxLength:"200"`
		}
	}
	basketBody struct {
		Count int `json:"count"`
	}
	basketOutput        struct{ Body basketBody }
	addedToBasketOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      basketBody
	}
)

// basket serves the pages' basket, which is kept by a cookie. Programs need none: they
// order what they want, so these operations are not described.
func (a *API) basket(api huma.API) {
	for _, one := range []struct {
		method, path, id string
		handle           func(huma.Operation)
	}{
		{http.MethodPost, "/v1/basket/items", "add-to-basket", func(op huma.Operation) { register(a, api, op, a.addToBasket) }},
		{http.MethodPatch, "/v1/basket", "change-basket", func(op huma.Operation) { register(a, api, op, a.changeBasket) }},
		{http.MethodPost, "/v1/basket/order", "order-basket", func(op huma.Operation) { register(a, api, op, a.orderBasket) }},
	} {
		op := operation(one.method, one.path, one.id, "", http.StatusOK)
		op.Hidden = true
		one.handle(op)
	}
}

func (a *API) addToBasket(ctx context.Context, in *addToBasketInput) (*addedToBasketOutput, error) {
	who := callerOf(ctx)
	secret := who.basket
	there, err := a.catalog.Basket(ctx, secret)
	if err != nil {
		return nil, err
	}
	if there.Stamp == "" {
		if err := a.allowsBasket(ctx, who); err != nil {
			return nil, err
		}
		secret = rand.Text()
	}
	wishes := make([]catalog.ClipRequest, len(in.Body.Items))
	for i, item := range in.Body.Items {
		wishes[i] = newClip(item).request(ctx)
	}
	basket, err := a.catalog.AddToBasket(ctx, catalog.From(ctx), secret, wishes)
	if err != nil {
		return nil, err
	}
	return &addedToBasketOutput{who.newCookie(catalog.BasketCookie, secret, basket.KeptUntil), basketBody{len(basket.Items)}}, nil
}

// allowsBasket counts a basket that begins, or says that it is one too many.
func (a *API) allowsBasket(ctx context.Context, who caller) error {
	if a.cfg.Limits.Strangers == 0 {
		return nil
	}
	whose := "person:" + who.ID()
	if who.Person == nil {
		whose = "address:" + who.from.Network()
	}
	wait, ok := a.count(ctx, "baskets:"+whose, redis_rate.PerHour(basketsAnHour))
	if ok {
		return nil
	}
	return &catalog.Error{
		Kind: catalog.TooMany, RetryAfter: wait,
		Message: fmt.Sprintf("too many baskets were begun at your network address: wait %d s and try again", wholeSeconds(wait)),
	}
}

func (a *API) changeBasket(ctx context.Context, in *changeBasketInput) (*basketOutput, error) {
	basket, err := a.catalog.ChangeBasket(ctx, callerOf(ctx).basket, catalog.BasketChange(in.Body))
	if err != nil {
		return nil, err
	}
	return &basketOutput{basketBody{len(basket.Items)}}, nil
}

func (a *API) orderBasket(ctx context.Context, in *orderBasketInput) (*orderOutput, error) {
	row, err := a.catalog.OrderBasket(ctx, catalog.From(ctx), callerOf(ctx).basket, in.Body.Stamp, strings.TrimSpace(in.Body.Name))
	if err != nil {
		return nil, err
	}
	body, err := a.order(ctx, row)
	return &orderOutput{body}, err
}
